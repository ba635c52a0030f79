/**
 * The five applications. Each has a side on the driver alone, the way the application did it, and
 * one on reactive-sqlite. Times of minutes are scaled to seconds, on both sides alike.
 */
@org.jspecify.annotations.NullMarked
package io.github.reactivesqlite.demo.lab.scenarios;
