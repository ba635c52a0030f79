package io.github.reactivesqlite.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorTreeTest {

  private static final ErrorDetails DETAILS =
      new ErrorDetails(517, "import", "INSERT INTO t VALUES (?)");

  private static final List<DatabaseException> SAFE_TO_REPEAT =
      List.of(
          new DatabaseBusyException("m", DETAILS, Duration.ofSeconds(30), 12),
          new TransactionConflictException("m", DETAILS),
          new AcquireTimeoutException("m", DETAILS, Duration.ofSeconds(30)),
          new WriteQueueFullException("m", DETAILS, 1000, 1000),
          new ReadQueueFullException("m", DETAILS, 500, 500));

  private static final List<DatabaseException> NOT_SAFE_TO_REPEAT =
      List.of(
          new CommitOutcomeUnknownException("m", DETAILS),
          new QueryTimeoutException("m", DETAILS, Duration.ofSeconds(5)),
          new TransactionTimeoutException("m", DETAILS, Duration.ofSeconds(5)),
          new SnapshotTimeoutException("m", DETAILS, Duration.ofMinutes(5)),
          new ConstraintViolationException(
              "m", DETAILS, ConstraintViolationException.Kind.UNIQUE, "t.a"),
          new InvalidSqlException("m", DETAILS),
          new ReadOnlyViolationException("m", DETAILS),
          new RowMappingException("m", DETAILS),
          new IncorrectResultSizeException("m", DETAILS, 1, 2),
          new BatchFailedException("m", DETAILS, 7, 5),
          new MigrationException("m", DETAILS, 3),
          new StorageException("m", DETAILS, StorageException.Kind.DISK_FULL),
          new DatabaseClosedException("m", DETAILS));

  @Test
  void theTypeSaysWhetherRepeatingIsSafe() {
    assertThat(SAFE_TO_REPEAT).allMatch(DatabaseException::isTransient);
    assertThat(NOT_SAFE_TO_REPEAT).noneMatch(DatabaseException::isTransient);
  }

  @Test
  void everyErrorCarriesItsDetails() {
    assertThat(SAFE_TO_REPEAT).allSatisfy(ErrorTreeTest::carriesDetails);
    assertThat(NOT_SAFE_TO_REPEAT).allSatisfy(ErrorTreeTest::carriesDetails);
  }

  private static void carriesDetails(DatabaseException error) {
    assertThat(error.code()).isEqualTo(517);
    assertThat(error.label()).contains("import");
    assertThat(error.sql()).contains("INSERT INTO t VALUES (?)");
    assertThat(error.details()).isEqualTo(DETAILS);
    assertThat(error).hasMessage("m").hasNoCause().isInstanceOf(RuntimeException.class);
    assertThat(error.getClass()).isFinal().isPublic();
  }

  @Test
  void everyErrorSurvivesSerialization() throws Exception {
    for (DatabaseException error : NOT_SAFE_TO_REPEAT) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(error);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(in.readObject())
            .isInstanceOfSatisfying(
                DatabaseException.class,
                copy -> {
                  assertThat(copy).hasSameClassAs(error);
                  assertThat(copy.details()).isEqualTo(DETAILS);
                });
      }
    }
  }

  @Test
  void extrasAreReported() {
    Throwable cause = new IllegalStateException();
    DatabaseBusyException busy =
        new DatabaseBusyException("m", DETAILS, Duration.ofSeconds(30), 12, cause);
    assertThat(busy.waited()).isEqualTo(Duration.ofSeconds(30));
    assertThat(busy.attempts()).isEqualTo(12);
    assertThat(busy).hasCause(cause);

    WriteQueueFullException full = new WriteQueueFullException("m", DETAILS, 10, 9);
    assertThat(full.depth()).isEqualTo(10);
    assertThat(full.capacity()).isEqualTo(9);

    BatchFailedException batch = new BatchFailedException("m", DETAILS, 7, 5);
    assertThat(batch.itemIndex()).isEqualTo(7);
    assertThat(batch.committedItems()).isEqualTo(5);

    IncorrectResultSizeException size = new IncorrectResultSizeException("m", DETAILS, 1, 2);
    assertThat(size.expected()).isEqualTo(1);
    assertThat(size.actualAtLeast()).isEqualTo(2);

    assertThat(new MigrationException("m", DETAILS, 3).version()).isEqualTo(3);
    assertThat(
            new ConstraintViolationException(
                    "m", DETAILS, ConstraintViolationException.Kind.FOREIGN_KEY, null)
                .constraint())
        .isEmpty();
  }

  @Test
  void theStackTraceShowsLabelCodeAndSql() {
    assertThat(new InvalidSqlException("Wrong.", DETAILS))
        .hasToString(
            InvalidSqlException.class.getName()
                + ": Wrong. [label: import, code: 517, sql: INSERT INTO t VALUES (?)]");
    assertThat(new InvalidSqlException("Wrong.", ErrorDetails.NONE.withLabel("import")))
        .hasToString(InvalidSqlException.class.getName() + ": Wrong. [label: import]");
    assertThat(new InvalidSqlException("Wrong.", ErrorDetails.NONE))
        .hasToString(InvalidSqlException.class.getName() + ": Wrong.");
  }

  @Test
  void detailsAreBuiltFromNone() {
    assertThat(ErrorDetails.NONE.withCode(517).withLabel("import").withSql(DETAILS.sql()))
        .isEqualTo(DETAILS);
    assertThat(DETAILS.withCode(0).withLabel(null).withSql(null)).isEqualTo(ErrorDetails.NONE);
  }

  @Test
  @SuppressWarnings("NullAway")
  void detailsAreRequired() {
    assertThatNullPointerException()
        .isThrownBy(() -> new InvalidSqlException("Wrong.", null))
        .withMessage("details");
  }
}
