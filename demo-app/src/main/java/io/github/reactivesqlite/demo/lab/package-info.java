/**
 * The contention lab: five real applications, run as they were and on reactive-sqlite, measured.
 */
@org.jspecify.annotations.NullMarked
package io.github.reactivesqlite.demo.lab;
