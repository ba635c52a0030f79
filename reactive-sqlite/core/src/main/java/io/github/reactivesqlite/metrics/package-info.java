/**
 * What a database measures. {@link io.github.reactivesqlite.metrics.MeterNames} names every meter
 * and tag; the other types are internal and public only because the engine calls them.
 */
@NullMarked
package io.github.reactivesqlite.metrics;

import org.jspecify.annotations.NullMarked;
