package io.github.reactivesqlite.error;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A constraint of the schema, or a RAISE in a trigger, refused the write, which was rolled back.
 *
 * <p>Trying again without a change will fail again.
 */
public final class ConstraintViolationException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** Sort of constraint. */
  public enum Kind {
    /** A UNIQUE constraint or a unique index. */
    UNIQUE,

    /** A PRIMARY KEY that is not the rowid of its table, or an INTEGER PRIMARY KEY. */
    PRIMARY_KEY,

    /** A foreign key, checked at once or, when deferred, at COMMIT. */
    FOREIGN_KEY,

    /** A NOT NULL column. */
    NOT_NULL,

    /** A CHECK constraint. */
    CHECK,

    /** A trigger called RAISE(ABORT | FAIL | ROLLBACK, …); the message repeats its text. */
    TRIGGER,

    /** A rowid that is taken already. */
    ROWID,

    /** A value that does not fit the type of a column: STRICT tables and rowids. */
    DATATYPE,

    /** Any other constraint, such as that of a virtual table. */
    OTHER
  }

  private final Kind kind;
  private final @Nullable String constraint;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param kind which sort of constraint
   * @param constraint "table.column" (several separated by ", "), or the name of a CHECK constraint
   *     or index; null when the engine does not say
   */
  public ConstraintViolationException(
      String message, ErrorDetails details, Kind kind, @Nullable String constraint) {
    this(message, details, kind, constraint, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param kind which sort of constraint
   * @param constraint "table.column" (several separated by ", "), or the name of a CHECK constraint
   *     or index; null when the engine does not say
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public ConstraintViolationException(
      String message,
      ErrorDetails details,
      Kind kind,
      @Nullable String constraint,
      @Nullable Throwable cause) {
    super(message, details, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.constraint = constraint;
  }

  /** Which sort of constraint refused the write. */
  public Kind kind() {
    return kind;
  }

  /**
   * What the engine names: "table.column" (several separated by ", "), or the name of a CHECK
   * constraint or index. Empty when it does not say, as for foreign keys.
   */
  public Optional<String> constraint() {
    return Optional.ofNullable(constraint);
  }
}
