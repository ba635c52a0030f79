package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.InvalidSqlException;
import org.jspecify.annotations.Nullable;

/** Makes this package's exceptions. */
final class SqlErrors {

  private SqlErrors() {}

  static InvalidSqlException invalid(String message) {
    return invalid(message, null);
  }

  static InvalidSqlException invalid(String message, @Nullable String maskedSql) {
    return new InvalidSqlException(message, ErrorDetails.NONE.withSql(maskedSql));
  }
}
