/**
 * Random histories of several processes that are killed and stopped while they use one file, and
 * the checker that judges them: what every process asked for and was told is held against what the
 * file holds in the end.
 */
@NullMarked
package io.github.reactivesqlite.reliability.history;

import org.jspecify.annotations.NullMarked;
