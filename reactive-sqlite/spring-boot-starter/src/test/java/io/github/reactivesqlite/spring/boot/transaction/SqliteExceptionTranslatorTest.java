package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.MigrationException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.error.ReadQueueFullException;
import io.github.reactivesqlite.error.RowMappingException;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.error.TransactionConflictException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import io.github.reactivesqlite.error.WriteQueueFullException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

/** The table of docs/spring-boot.md, row by row. */
class SqliteExceptionTranslatorTest {

  private static final ErrorDetails NONE = ErrorDetails.NONE;
  private static final Duration TIME = Duration.ofSeconds(1);

  private static ConstraintViolationException violated(ConstraintViolationException.Kind kind) {
    return new ConstraintViolationException("m", NONE, kind, null);
  }

  private static StorageException stored(StorageException.Kind kind) {
    return new StorageException("m", NONE, kind);
  }

  static Stream<Arguments> errors() {
    Class<?> passing = TransientDataAccessResourceException.class;
    Class<?> timeout = org.springframework.dao.QueryTimeoutException.class;
    Class<?> resource = DataAccessResourceFailureException.class;
    Class<?> duplicate = DuplicateKeyException.class;
    Class<?> integrity = DataIntegrityViolationException.class;
    Class<?> other = UncategorizedSqliteException.class;
    Stream<Arguments> rows =
        Stream.of(
            Arguments.of(
                new DatabaseBusyException("m", NONE, TIME, 1), CannotAcquireLockException.class),
            Arguments.of(
                new TransactionConflictException("m", NONE),
                OptimisticLockingFailureException.class),
            Arguments.of(new AcquireTimeoutException("m", NONE, TIME), passing),
            Arguments.of(new WriteQueueFullException("m", NONE, 1, 1), passing),
            Arguments.of(new ReadQueueFullException("m", NONE, 1, 1), passing),
            Arguments.of(new QueryTimeoutException("m", NONE, TIME), timeout),
            Arguments.of(new TransactionTimeoutException("m", NONE, TIME), timeout),
            Arguments.of(new SnapshotTimeoutException("m", NONE, TIME), timeout),
            Arguments.of(
                new InvalidSqlException("m", NONE), InvalidDataAccessResourceUsageException.class),
            Arguments.of(
                new ReadOnlyViolationException("m", NONE),
                InvalidDataAccessApiUsageException.class),
            Arguments.of(new RowMappingException("m", NONE), TypeMismatchDataAccessException.class),
            Arguments.of(
                new IncorrectResultSizeException("m", NONE, 1, 2),
                IncorrectResultSizeDataAccessException.class),
            Arguments.of(new DatabaseClosedException("m", NONE), resource),
            Arguments.of(new CommitOutcomeUnknownException("m", NONE), other),
            Arguments.of(new MigrationException("m", NONE, 1), other),
            Arguments.of(new BatchFailedException("m", NONE, 1, 0), other),
            Arguments.of(
                new BatchFailedException(
                    "m", NONE, 1, 0, violated(ConstraintViolationException.Kind.UNIQUE)),
                duplicate));
    Stream<Arguments> constraints =
        Stream.of(ConstraintViolationException.Kind.values())
            .map(
                kind ->
                    Arguments.of(
                        violated(kind),
                        switch (kind) {
                          case UNIQUE, PRIMARY_KEY, ROWID -> duplicate;
                          default -> integrity;
                        }));
    Stream<Arguments> storage =
        Stream.of(StorageException.Kind.values())
            .map(
                kind ->
                    Arguments.of(
                        stored(kind),
                        switch (kind) {
                          case PERMISSION, READ_ONLY -> PermissionDeniedDataAccessException.class;
                          default -> resource;
                        }));
    return Stream.of(rows, constraints, storage).flatMap(all -> all);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void hasAWordOfSpring(DatabaseException error, Class<? extends DataAccessException> expected) {
    DataAccessException translated =
        new SqliteExceptionTranslator().translateExceptionIfPossible(error);

    assertThat(translated).isExactlyInstanceOf(expected).hasCause(error).hasMessageContaining("m");
    assertThat(SqliteExceptionTranslator.translate(error)).isExactlyInstanceOf(expected);
  }

  @Test
  void errorsOfOthersAreLeftAlone() {
    IllegalStateException own = new IllegalStateException("mine");

    assertThat(new SqliteExceptionTranslator().translateExceptionIfPossible(own)).isNull();
    assertThat(SqliteExceptionTranslator.translate(own)).isSameAs(own);
  }
}
