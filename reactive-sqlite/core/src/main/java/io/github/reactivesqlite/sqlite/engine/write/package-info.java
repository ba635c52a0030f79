/**
 * Internal. The way of a write: a request in a bounded queue, the writer that drains it, the group
 * that commits, the answer.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.write;

import org.jspecify.annotations.NullMarked;
