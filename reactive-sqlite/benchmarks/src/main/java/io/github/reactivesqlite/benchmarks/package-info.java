/** Runs the same work on reactive-sqlite and on other ways to reach SQLite, side by side. */
@NullMarked
package io.github.reactivesqlite.benchmarks;

import org.jspecify.annotations.NullMarked;
