/**
 * The library as a process among others: kills, contention, growth, and what is left when it
 * closes.
 */
@NullMarked
package io.github.reactivesqlite.process;

import org.jspecify.annotations.NullMarked;
