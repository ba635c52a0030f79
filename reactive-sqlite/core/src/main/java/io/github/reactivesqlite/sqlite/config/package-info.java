/**
 * What a database is opened with, and what its maintenance answers with: plain values that every
 * other package may use.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.config;

import org.jspecify.annotations.NullMarked;
