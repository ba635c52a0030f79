package io.github.reactivesqlite.spring.boot.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations of a database. */
public enum SqliteObservationDocumentation implements ObservationDocumentation {

  /** An operation, from its subscription to its end. */
  OPERATION {
    @Override
    public Class<? extends ObservationConvention<? extends Observation.Context>>
        getDefaultConvention() {
      return DefaultSqliteObservationConvention.class;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
      return LowCardinality.values();
    }
  };

  /** Keys with few values, named as OpenTelemetry names them. */
  public enum LowCardinality implements KeyName {

    /** Always {@code sqlite}. */
    SYSTEM("db.system.name"),

    /** The name of the database. */
    NAMESPACE("db.namespace"),

    /** The kind of operation. */
    OPERATION("db.operation.name");

    private final String key;

    LowCardinality(String key) {
      this.key = key;
    }

    @Override
    public String asString() {
      return key;
    }
  }
}
