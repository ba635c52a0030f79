/**
 * The one package that talks to SQLite through its driver: connections, their settings, the guard
 * of the file, and the translation of errors.
 *
 * <p>Internal: not part of the public API.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.connection;

import org.jspecify.annotations.NullMarked;
