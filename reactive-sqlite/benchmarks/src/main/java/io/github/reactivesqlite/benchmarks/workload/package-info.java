/** The work that every peer is given, and what is said about the result. */
@NullMarked
package io.github.reactivesqlite.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
