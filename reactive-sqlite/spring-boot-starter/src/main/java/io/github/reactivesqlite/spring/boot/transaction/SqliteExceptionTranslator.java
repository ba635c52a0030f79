package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.error.RowMappingException;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.error.TransactionConflictException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import io.github.reactivesqlite.error.TransientDatabaseException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.dao.support.PersistenceExceptionTranslator;

/**
 * Gives the library's errors as Spring's {@link DataAccessException}s, with the library's error as
 * their cause and its message as theirs. Beans with {@code @Repository} get this by themselves,
 * thrown or signalled; elsewhere {@code mono.onErrorMap(SqliteExceptionTranslator::translate)} does
 * it.
 */
public final class SqliteExceptionTranslator implements PersistenceExceptionTranslator {

  /** One without state. */
  public SqliteExceptionTranslator() {}

  @Override
  public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException error) {
    return error instanceof DatabaseException failure ? translated(failure) : null;
  }

  /**
   * Translates an error of the library; every other error is given back as it is.
   *
   * @param error the error
   * @return the translated error, or the same one
   */
  public static Throwable translate(Throwable error) {
    return error instanceof DatabaseException failure ? translated(failure) : error;
  }

  static DataAccessException translated(DatabaseException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof TransientDatabaseException) {
      return passing(message, failure);
    }
    if (failure instanceof ConstraintViolationException violation) {
      return violated(message, violation);
    }
    if (failure instanceof QueryTimeoutException
        || failure instanceof TransactionTimeoutException
        || failure instanceof SnapshotTimeoutException) {
      return new org.springframework.dao.QueryTimeoutException(message, failure);
    }
    if (failure instanceof BatchFailedException
        && failure.getCause() instanceof ConstraintViolationException violation) {
      return violated(message, violation, failure);
    }
    if (failure instanceof StorageException storage) {
      return stored(message, storage);
    }
    if (failure instanceof DatabaseClosedException) {
      return new DataAccessResourceFailureException(message, failure);
    }
    return misused(message, failure);
  }

  private static DataAccessException passing(String message, DatabaseException failure) {
    if (failure instanceof DatabaseBusyException) {
      return new CannotAcquireLockException(message, failure);
    }
    return failure instanceof TransactionConflictException
        ? new OptimisticLockingFailureException(message, failure)
        : new TransientDataAccessResourceException(message, failure);
  }

  private static DataAccessException violated(
      String message, ConstraintViolationException violation) {
    return violated(message, violation, violation);
  }

  private static DataAccessException violated(
      String message, ConstraintViolationException violation, DatabaseException failure) {
    return switch (violation.kind()) {
      case UNIQUE, PRIMARY_KEY, ROWID -> new DuplicateKeyException(message, failure);
      default -> new DataIntegrityViolationException(message, failure);
    };
  }

  private static DataAccessException stored(String message, StorageException failure) {
    return switch (failure.kind()) {
      case PERMISSION, READ_ONLY -> new PermissionDeniedDataAccessException(message, failure);
      default -> new DataAccessResourceFailureException(message, failure);
    };
  }

  private static DataAccessException misused(String message, DatabaseException failure) {
    if (failure instanceof InvalidSqlException) {
      return new InvalidDataAccessResourceUsageException(message, failure);
    }
    if (failure instanceof ReadOnlyViolationException) {
      return new InvalidDataAccessApiUsageException(message, failure);
    }
    if (failure instanceof RowMappingException) {
      return new TypeMismatchDataAccessException(message, failure);
    }
    return failure instanceof IncorrectResultSizeException size
        ? new IncorrectResultSizeDataAccessException(
            message, asInt(size.expected()), asInt(size.actualAtLeast()), failure)
        : new UncategorizedSqliteException(message, failure);
  }

  private static int asInt(long rows) {
    return (int) Math.min(Integer.MAX_VALUE, rows);
  }
}
