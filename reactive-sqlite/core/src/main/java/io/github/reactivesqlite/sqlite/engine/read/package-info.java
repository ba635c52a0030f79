/**
 * Internal. The way of a read: a request in a bounded queue shared by all readers, a reader that
 * takes a batch into one read transaction, and streams and snapshots that hold a reader.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.read;

import org.jspecify.annotations.NullMarked;
