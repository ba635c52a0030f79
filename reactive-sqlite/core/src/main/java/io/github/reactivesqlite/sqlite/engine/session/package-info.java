/** Internal. The blocking-style sessions of units, on whichever thread owns the connection. */
@NullMarked
package io.github.reactivesqlite.sqlite.engine.session;

import org.jspecify.annotations.NullMarked;
