/** Loads, and what they measure; knows no database. */
@NullMarked
package io.github.reactivesqlite.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
