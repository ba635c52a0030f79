package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;

/**
 * A bean that changes the configuration of a database before it is opened, after its properties
 * were applied. Several run in their order.
 */
@FunctionalInterface
public interface SqliteConfigCustomizer {

  /** What the main database is called here. */
  String MAIN = "main";

  /**
   * Changes the configuration. Called for each opening, so twice for a database whose file is
   * prepared for Flyway.
   *
   * @param database the name under {@code reactive-sqlite.databases}, or {@link #MAIN}
   * @param config set knobs here; opening reports all that are out of range
   */
  void customize(String database, SqliteConfigBuilder config);
}
