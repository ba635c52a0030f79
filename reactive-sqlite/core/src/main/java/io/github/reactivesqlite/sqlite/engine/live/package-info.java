/**
 * Live queries: who listens, which commits concern him, and when he is answered. Internal.
 *
 * <p>Data flows one way: the writer publishes a commit into {@link
 * io.github.reactivesqlite.sqlite.engine.live.LiveHub}, which hands it, off the writer's thread, to
 * the listeners of its tables; a live query then reads its answer through the readers like any
 * other query, and each subscription gives it on the result scheduler.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.live;

import org.jspecify.annotations.NullMarked;
