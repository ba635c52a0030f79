/** Internal. A statement meets its values: checked and encoded before anything is queued. */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.bind;

import org.jspecify.annotations.NullMarked;
