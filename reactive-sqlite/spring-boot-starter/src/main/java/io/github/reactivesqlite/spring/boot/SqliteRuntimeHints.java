package io.github.reactivesqlite.spring.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What a native image cannot find out: the schema's files, and the tables of the jobs. */
final class SqliteRuntimeHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    hints
        .resources()
        .registerPattern("schema.sql")
        .registerPattern("schema-*.sql")
        .registerPattern("db/sqlite/*.sql")
        .registerPattern("db/sqlite-*/*.sql")
        .registerPattern("io/github/reactivesqlite/jobs/schema-*.sql");
  }
}
