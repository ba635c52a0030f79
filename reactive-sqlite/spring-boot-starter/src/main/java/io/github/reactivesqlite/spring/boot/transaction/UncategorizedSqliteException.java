package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.error.DatabaseException;
import org.springframework.dao.UncategorizedDataAccessException;

/**
 * An error of the library that Spring has no word for, such as a COMMIT whose outcome is unknown;
 * the cause says which.
 */
public final class UncategorizedSqliteException extends UncategorizedDataAccessException {

  private static final long serialVersionUID = 1L;

  UncategorizedSqliteException(String message, DatabaseException cause) {
    super(message, cause);
  }
}
