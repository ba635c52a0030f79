/** The ways to reach SQLite that are compared, behind one interface. */
@NullMarked
package io.github.reactivesqlite.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
