package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;

/** Changes settings of the library's database before it is opened; beans of this type are found. */
@FunctionalInterface
public interface DatabaseCustomizer {

  /**
   * Changes settings.
   *
   * @param config the settings so far
   * @return the settings to use
   */
  SqliteConfigBuilder customize(SqliteConfigBuilder config);
}
