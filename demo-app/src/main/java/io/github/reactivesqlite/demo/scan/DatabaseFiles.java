package io.github.reactivesqlite.demo.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files of the database. A scan does not look into them: were one opened and closed here, this
 * process would lose its locks.
 *
 * @see <a href="https://www.sqlite.org/howtocorrupt.html">How to corrupt a database file, 2.2</a>
 */
final class DatabaseFiles {

  private final Path database;
  private final @Nullable Object key;

  private DatabaseFiles(Path database, @Nullable Object key) {
    this.database = database;
    this.key = key;
  }

  /**
   * Blocks.
   *
   * @throws UncheckedIOException if the database cannot be looked at, which says nothing about any
   *     file of the library
   */
  static DatabaseFiles of(Path database) {
    try {
      Path real = database.toRealPath();
      return new DatabaseFiles(
          real, Files.readAttributes(real, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      throw new UncheckedIOException("The database file cannot be looked at", e);
    }
  }

  /** The database by any name, and its log, shared memory and journal beside it. */
  boolean contain(Path file, BasicFileAttributes attributes) {
    boolean sameFile = key != null && key.equals(attributes.fileKey());
    return sameFile
        || (Objects.equals(file.getParent(), database.getParent())
            && nameOf(file).startsWith(nameOf(database)));
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }
}
