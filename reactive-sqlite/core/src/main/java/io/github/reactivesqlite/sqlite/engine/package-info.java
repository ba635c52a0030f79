/**
 * Internal. The engine put together, and the facade's interfaces on top of it. Data flows one way:
 * facade, request, lane, connection, result.
 */
@NullMarked
package io.github.reactivesqlite.sqlite.engine;

import org.jspecify.annotations.NullMarked;
