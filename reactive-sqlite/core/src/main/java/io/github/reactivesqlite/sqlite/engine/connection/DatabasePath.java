package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** From the path that a caller names to the one path under which SQLite opens the file. */
final class DatabasePath {

  private static final List<String> READ_BY_THE_DRIVER =
      List.of(":memory:", ":resource:", "file:", "jdbc:");
  private static final List<String> FILES_OF_ANOTHER = List.of("-wal", "-shm", "-journal");

  private DatabasePath() {}

  /**
   * Finds the real path; the file itself may be missing, its directory not.
   *
   * @throws IllegalArgumentException if the name has a meaning of its own to SQLite or its driver
   * @throws StorageException if the path cannot lead to a database file
   */
  static Path resolve(Path file, SqliteConfig config) {
    checkName(file);
    // Not normalized: "link/.." is where the link leads, not where it lies.
    Path absolute = file.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null || Files.isDirectory(absolute)) {
      throw cannotOpen(absolute + " is a directory. Name the database file itself.");
    }
    try {
      requireDirectory(parent, config);
      Path real =
          Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)
              ? existing(absolute)
              : parent.toRealPath().resolve(absolute.getFileName());
      checkSpelling(real.toString());
      return real;
    } catch (AccessDeniedException e) {
      throw FileRights.missing("reach " + e.getFile(), parent);
    } catch (IOException e) {
      throw cannotOpen(absolute + " could not be resolved: " + e.getMessage() + ".");
    }
  }

  static void checkName(Path file) {
    if (file.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException(
          "A database file lies in the default file system, not in " + file.getFileSystem());
    }
    String text = file.toString();
    for (String prefix : READ_BY_THE_DRIVER) {
      if (text.startsWith(prefix)) {
        throw new IllegalArgumentException(
            "A path starting with '"
                + prefix
                + "' would not be taken as a file by the driver. Give the path of a file; for a"
                + " database that need not last, use a temporary one.");
      }
    }
    checkSpelling(text);
  }

  private static void checkSpelling(String text) {
    if (text.indexOf('?') >= 0 || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "The path of a database must not contain '?' or NUL: the driver would cut it there.");
    }
    for (String suffix : FILES_OF_ANOTHER) {
      if (text.endsWith(suffix)) {
        throw new IllegalArgumentException(
            "A name ending in '" + suffix + "' belongs to the log of another database.");
      }
    }
  }

  private static void requireDirectory(Path directory, SqliteConfig config) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (Files.exists(directory)) {
      throw cannotOpen(directory + " is not a directory.");
    }
    if (!config.createDirectories()) {
      throw cannotOpen(
          "The directory "
              + directory
              + " does not exist or cannot be reached. Create it, mount its volume, or set"
              + " createDirectories.");
    }
    Path existing = directory;
    while (existing.getParent() != null && !Files.isDirectory(existing)) {
      existing = existing.getParent();
    }
    Files.createDirectories(directory, FileRights.ofNewDirectory(existing, config.privateFiles()));
  }

  private static Path existing(Path file) throws IOException {
    if (Files.isSymbolicLink(file) && !Files.exists(file)) {
      throw cannotOpen(
          file + " is a link to a file that does not exist. Link it to the right one.");
    }
    return file.toRealPath();
  }

  static StorageException cannotOpen(String message) {
    return new StorageException(message, ErrorDetails.NONE, StorageException.Kind.CANNOT_OPEN);
  }
}
