package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * A migration failed or cannot be run: its SQL fails, its checksum has changed, a version is
 * missing.
 *
 * <p>The failed migration was rolled back; those before it are applied.
 */
public final class MigrationException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  private final long version;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param version version of the migration
   */
  public MigrationException(String message, ErrorDetails details, long version) {
    this(message, details, version, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param version version of the migration
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public MigrationException(
      String message, ErrorDetails details, long version, @Nullable Throwable cause) {
    super(message, details, cause);
    this.version = version;
  }

  /** Version of the migration that failed. */
  public long version() {
    return version;
  }
}
