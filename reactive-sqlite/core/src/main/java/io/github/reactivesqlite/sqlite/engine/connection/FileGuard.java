package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Holds a database file for one database of this JVM, and notices when the file is replaced.
 *
 * <p>Thread-safe. Never opens a file that exists: to close it again would drop SQLite's locks. What
 * it looks at, it looks at with {@code stat}; a new file it creates before anybody else can know
 * it.
 *
 * @see <a href="https://www.sqlite.org/howtocorrupt.html">How to corrupt a database file</a>
 */
public final class FileGuard {

  /** What a look at the path has found. */
  public enum Look {
    /** The file that was claimed. */
    SAME,
    /** No file, or another one. */
    CHANGED,
    /** Nothing: the path could not be looked at, for lack of a right or by a fault; it may pass. */
    UNSEEN
  }

  private final Path file;
  private final String name;
  private final boolean created;
  private final @Nullable Object identity;
  private final OpenFiles claim;
  private final LogFiles logFiles;
  private final DirectoryLook directory;
  private final AtomicBoolean released = new AtomicBoolean();

  private FileGuard(
      Path file, String name, boolean created, @Nullable Object identity, OpenFiles claim) {
    this.file = file;
    this.name = name;
    this.created = created;
    this.identity = identity;
    this.claim = claim;
    this.logFiles = new LogFiles(file);
    this.directory = new DirectoryLook(directoryOf(file));
  }

  /**
   * Checks the spelling of a path, without looking at the file system.
   *
   * @throws IllegalArgumentException if the name has a meaning of its own to SQLite or its driver
   */
  public static void checkName(Path file) {
    DatabasePath.checkName(file);
  }

  /**
   * Checks the path and claims the file; creates it, empty and for its owner only, if it is
   * missing. Blocks for some calls to the file system. Of simultaneous claims of one file, exactly
   * one wins.
   *
   * @throws IllegalArgumentException if the name has a meaning of its own to SQLite or its driver
   * @throws StorageException ALREADY_OPEN if this JVM has the file open under any name and by any
   *     class loader; CANNOT_OPEN if the directory is missing or the path is no regular file;
   *     PERMISSION or READ_ONLY, naming the right that is missing
   */
  public static FileGuard claim(Path file, SqliteConfig config) {
    Path real = DatabasePath.resolve(file, config);
    String name = config.nameFor(file);
    // The path first: so nobody in this JVM can use the file while it is being created.
    OpenFiles claim = OpenFiles.claimPath(real, name);
    boolean created = false;
    try {
      FileRights.requireDirectory(directoryOf(real));
      FileRights.warnOfDirectory(directoryOf(real));
      created = create(real, config);
      Object identity = identityOfRegularFile(real);
      if (identity != null) {
        claim.claimIdentity(identity);
      }
      FileRights.requireFiles(real);
      if (!created) {
        FileRights.warn(real);
      }
      return new FileGuard(real, name, created, identity, claim);
    } catch (RuntimeException | Error e) {
      claim.release();
      throw e;
    }
  }

  private static boolean create(Path file, SqliteConfig config) {
    if (Files.exists(file)) {
      return false;
    }
    try {
      Files.createFile(file, FileRights.ofNewFile(directoryOf(file), config.privateFiles()));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (AccessDeniedException e) {
      throw FileRights.missing("create the file " + file, directoryOf(file));
    } catch (IOException e) {
      throw DatabasePath.cannotOpen("The file could not be created: " + e.getMessage() + ".");
    }
  }

  private static @Nullable Object identityOfRegularFile(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw DatabasePath.cannotOpen(
            file + " is not a regular file. A database cannot live in a directory or a device.");
      }
      return attributes.fileKey();
    } catch (IOException e) {
      throw DatabasePath.cannotOpen("The file could not be looked at: " + e.getMessage() + ".");
    }
  }

  private static Path directoryOf(Path file) {
    return Objects.requireNonNull(file.getParent(), "a real path of a file has a parent");
  }

  /** The real path, free of links; the only one to open connections with. */
  public Path file() {
    return file;
  }

  /** The name of the database. */
  public String name() {
    return name;
  }

  /** Whether this claim created the file. */
  public boolean created() {
    return created;
  }

  /** The log and its index beside the file. */
  public LogFiles logFiles() {
    return logFiles;
  }

  /** The directory of the three files. */
  public DirectoryLook directory() {
    return directory;
  }

  /**
   * Whether the path still leads to the file that was claimed. One {@code stat}, about a
   * microsecond on a local disk. Where the file system has no inodes, only the file's disappearance
   * is noticed.
   */
  public Look look() {
    try {
      Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return Objects.equals(identity, now) ? Look.SAME : Look.CHANGED;
    } catch (NoSuchFileException e) {
      return Look.CHANGED;
    } catch (IOException e) {
      return Look.UNSEEN;
    }
  }

  /** Whether a {@link #look()} finds the file that was claimed. */
  public boolean unchanged() {
    return look() == Look.SAME;
  }

  /**
   * Fails if another file, or none, is at the path, or a log of somebody else beside it. A path
   * that cannot be looked at is left to the opening that comes next, which says why.
   *
   * @throws StorageException FILE_REPLACED
   */
  public void verifyUnchanged() {
    if (logFiles.beforeCheckpoint() == LogFiles.State.FOREIGN) {
      logFiles.requireOurs();
    }
    if (look() == Look.CHANGED) {
      throw new StorageException(
          "The file of database '"
              + name
              + "' was moved, deleted or replaced while it was open, so what is written no longer"
              + " reaches the file at that path. Close the database, put the right file in its place,"
              + " and open it again.",
          ErrorDetails.NONE,
          StorageException.Kind.FILE_REPLACED);
    }
  }

  /**
   * Takes back the creation of a file that nothing was written to, after opening it failed. Call it
   * before {@link #release()}, with no connection open.
   *
   * @return whether a file was deleted
   */
  public boolean removeIfStillEmpty() {
    if (!created || released.get() || !unchanged()) {
      return false;
    }
    try {
      if (Files.size(file) != 0) {
        return false;
      }
      Files.delete(file);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      // An empty file is harmless: the next open takes it as new.
      return false;
    }
  }

  /** Gives the file back, after the last connection is closed. Does nothing the second time. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      claim.release();
    }
  }
}
