package io.github.reactivesqlite.spring.boot.observation;

import io.github.reactivesqlite.spring.boot.observation.SqliteObservationDocumentation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The convention unless another one is given. */
public final class DefaultSqliteObservationConvention implements SqliteObservationConvention {

  /** What the observations are called, and with them their timer. */
  public static final String NAME = "sqlite.operation";

  /** One without state. */
  public DefaultSqliteObservationConvention() {}

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public String getContextualName(SqliteObservationContext context) {
    return context.operation() + " " + context.database();
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(SqliteObservationContext context) {
    return KeyValues.of(
        LowCardinality.SYSTEM.withValue("sqlite"),
        LowCardinality.NAMESPACE.withValue(context.database()),
        LowCardinality.OPERATION.withValue(context.operation()));
  }
}
