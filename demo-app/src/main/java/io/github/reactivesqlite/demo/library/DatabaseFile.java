package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.spring.boot.SqliteProperties;
import java.nio.file.Path;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * The file that is really open. {@code library.database} names it only as long as nobody sets
 * {@code reactive-sqlite.file} itself.
 */
@Component
public final class DatabaseFile {

  private final Path path;

  DatabaseFile(SqliteProperties properties) {
    this.path = Path.of(Objects.requireNonNull(properties.file(), "reactive-sqlite.file"));
  }

  /**
   * The file.
   *
   * @return its path as it was given
   */
  public Path path() {
    return path;
  }
}
