/** Observations of operations, for traces and for whatever else listens to Micrometer's. */
@NullMarked
package io.github.reactivesqlite.spring.boot.observation;

import org.jspecify.annotations.NullMarked;
