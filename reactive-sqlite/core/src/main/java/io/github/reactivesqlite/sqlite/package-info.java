/**
 * What a user of SQLite opens: {@link io.github.reactivesqlite.sqlite.SqliteDatabase} and the
 * upkeep of its file.
 */
@NullMarked
package io.github.reactivesqlite.sqlite;

import org.jspecify.annotations.NullMarked;
