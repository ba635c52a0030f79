/**
 * What a reactive caller can do to a library: cancel at any moment, throw from every callback, ask
 * for everything at once, or never ask at all.
 */
@NullMarked
package io.github.reactivesqlite.reliability.hazards;

import org.jspecify.annotations.NullMarked;
