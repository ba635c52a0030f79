/**
 * Internal: how Java values are stored and read back. A value is a {@code Long}, {@code Double},
 * {@code String}, {@code byte[]} or {@code null} on its way in and out, one for each <a
 * href="https://www.sqlite.org/datatype3.html">storage class</a>. Nothing here knows JDBC. Not for
 * use by applications; anything may change.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.value;

import org.jspecify.annotations.NullMarked;
