/**
 * Internal. What every part of the engine stands on: its threads, its timer, the subscriptions that
 * answer callers, and the one place that builds lock retries.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.runtime;

import org.jspecify.annotations.NullMarked;
