package io.github.reactivesqlite.spring.boot;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A database could not be opened, or not be given its schema; the cause says why. */
final class DatabaseStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String database;
  private final transient @Nullable Path file;

  DatabaseStartException(String database, @Nullable Path file, Throwable cause) {
    super(
        "The "
            + described(database)
            + (file == null ? "" : " in " + file)
            + " could not be started: "
            + cause.getMessage(),
        cause);
    this.database = database;
    this.file = file;
  }

  private static String described(String database) {
    return database.equals(SqliteConfigCustomizer.MAIN)
        ? "main database"
        : "database '" + database + "'";
  }

  /** What the failure is about, as it begins a sentence. */
  String subject() {
    return "The " + described(database);
  }

  /** The file, as it was configured; null when none was. */
  @Nullable Path file() {
    return file;
  }

  /** The full name of one of the database's properties. */
  String property(String name) {
    return prefix() + "." + name;
  }

  /** What the names of all its properties begin with. */
  String prefix() {
    return database.equals(SqliteConfigCustomizer.MAIN)
        ? "reactive-sqlite"
        : "reactive-sqlite.databases." + database;
  }
}
