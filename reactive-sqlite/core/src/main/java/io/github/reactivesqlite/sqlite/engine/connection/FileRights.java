package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;

/**
 * What this process may do with the files of a database, found out without opening them: to open
 * and close one in Java would drop the locks that SQLite holds on it.
 */
final class FileRights {

  private static final Logger LOG = SteadyLogger.of(FileRights.class);
  private static final Set<PosixFilePermission> PRIVATE_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PRIVATE_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?>[] UMASK = {};

  private FileRights() {}

  static FileAttribute<?>[] ofNewFile(Path directory, boolean isPrivate) {
    return attributes(directory, isPrivate, PRIVATE_FILE);
  }

  static FileAttribute<?>[] ofNewDirectory(Path existingParent, boolean isPrivate) {
    return attributes(existingParent, isPrivate, PRIVATE_DIRECTORY);
  }

  private static FileAttribute<?>[] attributes(
      Path existing, boolean isPrivate, Set<PosixFilePermission> permissions) {
    return isPrivate && isPosix(existing)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : UMASK;
  }

  /** The log and its index are created in the directory, and deleted again. */
  static void requireDirectory(Path directory) {
    if (!Files.isWritable(directory)) {
      throw missing(
          "write to the directory " + directory + " (for the -wal and -shm files)", directory);
    }
    if (!Files.isExecutable(directory)) {
      throw missing("search the directory " + directory, directory);
    }
  }

  /** The file, and what other runs left beside it. */
  static void requireFiles(Path file) {
    requireReadWrite(file);
    for (String suffix : new String[] {"-wal", "-shm", "-journal"}) {
      Path beside = file.resolveSibling(file.getFileName() + suffix);
      if (Files.exists(beside, LinkOption.NOFOLLOW_LINKS)) {
        requireReadWrite(beside);
      }
    }
  }

  private static void requireReadWrite(Path file) {
    if (!Files.isReadable(file)) {
      throw missing("read the file " + file, file);
    }
    if (!Files.isWritable(file)) {
      throw missing("write the file " + file, file);
    }
  }

  static StorageException missing(String right, Path path) {
    if (isOnReadOnlyVolume(path)) {
      return new StorageException(
          "The process cannot "
              + right
              + ", because the volume is mounted read-only. Mount it for writing, or put the"
              + " database somewhere else.",
          ErrorDetails.NONE,
          StorageException.Kind.READ_ONLY);
    }
    return new StorageException(
        "The process has no right to "
            + right
            + ". Give that right to user '"
            + System.getProperty("user.name", "?")
            + "', or run as the owner.",
        ErrorDetails.NONE,
        StorageException.Kind.PERMISSION);
  }

  private static boolean isOnReadOnlyVolume(Path path) {
    try {
      return Files.getFileStore(path).isReadOnly();
    } catch (IOException | SecurityException e) {
      return false;
    }
  }

  /** Says what is allowed but unwise about a file that was there before. */
  static void warn(Path file) {
    try {
      if (isPosix(file)) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
            || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
          LOG.warn(
              "The database file {} can be written by other users ({}). Take that right away unless"
                  + " they are meant to share it.",
              file,
              PosixFilePermissions.toString(permissions));
        }
      }
      if (file.getFileSystem().supportedFileAttributeViews().contains("unix")
          && Files.getAttribute(file, "unix:nlink") instanceof Integer links
          && links > 1) {
        LOG.warn(
            "The database file {} has {} hard links. Always open it by the same one: each name has"
                + " a log of its own, and two logs corrupt the file.",
            file,
            links);
      }
    } catch (IOException e) {
      LOG.debug("The rights of the database file could not be looked up", e);
    }
  }

  /** Who may write here may put a log of their own beside the database, or replace both. */
  static void warnOfDirectory(Path directory) {
    try {
      if (isPosix(directory)) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
          LOG.warn(
              "Everybody can write to the directory {} ({}), so anybody can put a log beside the"
                  + " database that is then replayed into it. Keep the database in a directory of"
                  + " its own.",
              directory,
              PosixFilePermissions.toString(permissions));
        }
      }
    } catch (IOException e) {
      LOG.debug("The rights of the database's directory could not be looked up", e);
    }
  }

  private static boolean isPosix(Path existing) {
    return Files.getFileAttributeView(existing, PosixFileAttributeView.class) != null;
  }
}
