package io.github.reactivesqlite.spring.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and keys of observations; a bean of this type replaces the default. */
public interface SqliteObservationConvention
    extends ObservationConvention<SqliteObservationContext> {

  @Override
  default boolean supportsContext(Observation.Context context) {
    return context instanceof SqliteObservationContext;
  }
}
