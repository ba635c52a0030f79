/**
 * SQL as text: its tokens, what kind of statement it is, its parameters, and where it may run.
 *
 * <p>Internal: not part of the public API. The JDBC driver tells none of this before a statement is
 * compiled, and some statements act while they are compiled, so the decision is made here. Nothing
 * in this package talks to a database; every type is thread-safe.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.sql;

import org.jspecify.annotations.NullMarked;
