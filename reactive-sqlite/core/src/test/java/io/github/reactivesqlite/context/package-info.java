/**
 * What travels with a subscription: Reactor's Context, and thread locals where they are bridged.
 */
@NullMarked
package io.github.reactivesqlite.context;

import org.jspecify.annotations.NullMarked;
