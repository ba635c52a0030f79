/**
 * Upkeep of a database beside its reading and writing: checkpoints, schedules, backup, checks and
 * migrations.
 *
 * <p>Internal: not part of the public API.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.maintenance;

import org.jspecify.annotations.NullMarked;
