package io.github.reactivesqlite.spring.boot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the tables come to be, before anybody gets the database. All of it runs on the writer.
 *
 * @param enabled Whether the script or the migrations are run.
 * @param script Script with DDL and DML that may run at every start. By default
 *     "classpath:schema.sql" where there is one, "classpath:schema-NAME.sql" for a database under
 *     reactive-sqlite.databases.
 * @param migrations Folder with versioned migrations, "V1__create_book.sql", applied once each. By
 *     default "classpath:db/sqlite" where there is one, "classpath:db/sqlite-NAME" for a database
 *     under reactive-sqlite.databases.
 * @param timeout Time that all of it may take.
 */
public record SchemaProperties(
    @Nullable Boolean enabled,
    @Nullable String script,
    @Nullable String migrations,
    @Nullable Duration timeout) {

  /** How long the script or the migrations may take. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  static final SchemaProperties DEFAULTS = new SchemaProperties(null, null, null, null);
}
