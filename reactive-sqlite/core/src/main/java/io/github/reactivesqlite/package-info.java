/**
 * The facade: what an application composes its pipelines from. Nothing here names a storage engine;
 * the same interfaces can stand in front of another database.
 */
@NullMarked
package io.github.reactivesqlite;

import org.jspecify.annotations.NullMarked;
