package io.github.reactivesqlite.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file, its directory or the disk below it failed: {@link #kind()} is the cause, the message
 * says the remedy.
 *
 * <p>What was answered as committed before stays committed. Nothing of the failed operation was
 * committed.
 */
public final class StorageException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** Cause of a storage failure. */
  public enum Kind {
    /** No room: the disk, or the limit on the pages of the file. */
    DISK_FULL,

    /** The operating system failed to read, write or flush; a used up disk quota looks like it. */
    IO_ERROR,

    /** The content of the file is damaged, or reading it failed in a way that looks like it. */
    CORRUPT,

    /** The file is not a database, or it is encrypted. */
    NOT_A_DATABASE,

    /** The process has no right to the file or its directory. */
    PERMISSION,

    /** The file, its directory or its volume can only be read. */
    READ_ONLY,

    /** The file could not be opened: missing directory, too many open files. */
    CANNOT_OPEN,

    /** The file was moved, deleted or replaced while it was open. */
    FILE_REPLACED,

    /** The version of the engine, or of the format of the file, is not supported. */
    UNSUPPORTED_VERSION,

    /** This process has the file open already. */
    ALREADY_OPEN,

    /** The write-ahead log reached its hard limit, so writes are refused. */
    WAL_LIMIT,

    /** The engine could not get memory. */
    OUT_OF_MEMORY,

    /** Any other failure of the engine. */
    OTHER
  }

  private final Kind kind;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param kind the cause
   */
  public StorageException(String message, ErrorDetails details, Kind kind) {
    this(message, details, kind, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param kind the cause
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public StorageException(
      String message, ErrorDetails details, Kind kind, @Nullable Throwable cause) {
    super(message, details, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  /** The cause. */
  public Kind kind() {
    return kind;
  }
}
