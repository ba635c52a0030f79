/** What a run found: the table, its files, and how it stands to what is to be reached. */
@NullMarked
package io.github.reactivesqlite.benchmarks.report;

import org.jspecify.annotations.NullMarked;
