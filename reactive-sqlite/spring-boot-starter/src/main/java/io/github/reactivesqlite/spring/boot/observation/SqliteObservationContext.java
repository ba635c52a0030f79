package io.github.reactivesqlite.spring.boot.observation;

import io.micrometer.observation.Observation;

/** What is known about an observed operation: names, never SQL and never a value. */
public final class SqliteObservationContext extends Observation.Context {

  private final String database;
  private final String operation;

  /**
   * Creates a context.
   *
   * @param database the name of the database
   * @param operation the kind of operation, such as {@code SELECT}
   */
  public SqliteObservationContext(String database, String operation) {
    this.database = database;
    this.operation = operation;
  }

  /**
   * The name of the database.
   *
   * @return as in its meters
   */
  public String database() {
    return database;
  }

  /**
   * The kind of operation: the first word of a statement, or {@code WRITE}, {@code READ}, {@code
   * TRANSACTION}, {@code SNAPSHOT}, {@code SCRIPT}, {@code BATCH}, {@code MIGRATE}, {@code BEGIN}.
   *
   * @return one of few
   */
  public String operation() {
    return operation;
  }
}
