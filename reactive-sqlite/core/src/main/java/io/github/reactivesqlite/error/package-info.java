/**
 * The errors of this library: one unchecked tree under {@link
 * io.github.reactivesqlite.error.DatabaseException}.
 *
 * <p>The type says what to do. Everything under {@link
 * io.github.reactivesqlite.error.TransientDatabaseException} had no effect and is safe to try
 * again; {@link io.github.reactivesqlite.error.CommitOutcomeUnknownException} may have had one. No
 * message and no field holds a bound value or a literal of the caller's SQL.
 */
@NullMarked
package io.github.reactivesqlite.error;

import org.jspecify.annotations.NullMarked;
