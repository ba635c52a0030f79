package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;

/**
 * The file that a backup goes to. It is written under a temporary name beside the target, and gets
 * the target's name when it is complete and on the disk: nobody ever sees half a backup there. Used
 * by one thread.
 */
final class BackupFile {

  private static final Logger LOG = SteadyLogger.of(BackupFile.class);
  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");
  private static final String NO_ROOM = "no space left on device";

  private final Path target;
  private final Path temporary;

  private BackupFile(Path target, Path temporary) {
    this.target = target;
    this.temporary = temporary;
  }

  /**
   * Creates the temporary file, for its owner only.
   *
   * @throws StorageException if the target exists or cannot be written; nothing is changed then
   */
  static BackupFile create(Path target) {
    checkName(target);
    Path absolute = target.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw refused(
          "The directory of the backup's target does not exist: " + directory + ". Create it",
          StorageException.Kind.CANNOT_OPEN);
    }
    requireFree(absolute);
    try {
      Path real = directory.toRealPath();
      Path temporary =
          Files.createTempFile(real, "." + absolute.getFileName() + "-", ".part", ownerOnly());
      return new BackupFile(real.resolve(absolute.getFileName()), temporary);
    } catch (IOException e) {
      throw translate("create the backup's file in " + directory, e);
    }
  }

  private static void checkName(Path target) {
    if (target.getFileSystem() != FileSystems.getDefault() || target.getFileName() == null) {
      throw new IllegalArgumentException("A backup goes to a file in the default file system");
    }
    // What may not be opened as a database should not be written as one
    FileGuard.checkName(target);
    String name = target.getFileName().toString();
    for (String suffix : COMPANIONS) {
      if (name.endsWith(suffix)) {
        throw new IllegalArgumentException(
            "A backup cannot be called *" + suffix + ": SQLite would take it for another's log");
      }
    }
  }

  /** What a former database left beside the target would be replayed into the copy. */
  private static void requireFree(Path target) {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw exists(target);
    }
    for (String suffix : COMPANIONS) {
      Path companion = target.resolveSibling(target.getFileName() + suffix);
      if (Files.exists(companion, LinkOption.NOFOLLOW_LINKS)) {
        throw refused(
            companion
                + " is left over from another database and would be mixed into the backup. Remove"
                + " it, or choose another target",
            StorageException.Kind.CANNOT_OPEN);
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Where to write. */
  Path temporary() {
    return temporary;
  }

  /**
   * Flushes the complete file and gives it its name. No connection may be open on it any more:
   * closing it here would drop that one's locks.
   *
   * @throws StorageException if somebody else has created the target meanwhile, or the disk failed
   */
  void publish() {
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      rename();
      flushDirectory();
    } catch (FileAlreadyExistsException e) {
      throw exists(target);
    } catch (IOException e) {
      throw translate("complete the backup " + target, e);
    }
  }

  /** A link never replaces what is there, as a rename would. */
  private void rename() throws IOException {
    try {
      Files.createLink(target, temporary);
    } catch (FileAlreadyExistsException taken) {
      throw taken;
    } catch (IOException | UnsupportedOperationException noLinksHere) {
      requireFree(target);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Files.delete(temporary);
  }

  private void flushDirectory() {
    try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException unsupported) {
      LOG.debug("The directory of a backup cannot be flushed on this system");
    }
  }

  /** Removes what is there of an incomplete backup. Does nothing after {@link #publish()}. */
  void discard() {
    remove(temporary);
    for (String suffix : COMPANIONS) {
      remove(temporary.resolveSibling(temporary.getFileName() + suffix));
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("The temporary file {} of a backup could not be removed; remove it", file);
    }
  }

  private static StorageException exists(Path target) {
    return refused(
        "The target of the backup exists and was not touched: "
            + target
            + ". Choose a new name, or remove the old file first",
        StorageException.Kind.CANNOT_OPEN);
  }

  private static StorageException translate(String what, IOException error) {
    if (error instanceof AccessDeniedException) {
      return refused(
          "The process has no right to " + what + ". Give it the right to write there",
          StorageException.Kind.PERMISSION);
    }
    String reason = error instanceof FileSystemException failed ? failed.getReason() : null;
    if (reason != null && reason.toLowerCase(Locale.ROOT).contains(NO_ROOM)) {
      return refused(
          "The disk has no room to " + what + ". Free some, or choose another disk",
          StorageException.Kind.DISK_FULL);
    }
    return new StorageException(
        "The system failed to " + what + ". Look at the disk and its rights",
        ErrorDetails.NONE,
        StorageException.Kind.IO_ERROR,
        error);
  }

  private static StorageException refused(String message, StorageException.Kind kind) {
    return new StorageException(message, ErrorDetails.NONE, kind);
  }
}
