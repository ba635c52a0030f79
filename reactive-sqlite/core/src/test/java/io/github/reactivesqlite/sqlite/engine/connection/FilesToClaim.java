package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A file that does not exist yet, and claims of it that end with the test. */
abstract class FilesToClaim {

  static final SqliteConfig CONFIG = SqliteConfig.ofDefaults();

  @TempDir Path dir;
  Path file;
  private final List<FileGuard> guards = new ArrayList<>();

  @BeforeEach
  void nameTheFile() throws IOException {
    dir = dir.toRealPath();
    file = dir.resolve("orders.db");
  }

  @AfterEach
  void releaseAll() {
    guards.forEach(FileGuard::release);
  }

  final FileGuard claim(Path path) {
    return claim(path, CONFIG);
  }

  final FileGuard claim(Path path, SqliteConfig config) {
    FileGuard guard = FileGuard.claim(path, config);
    guards.add(guard);
    return guard;
  }

  static void assertFails(StorageException.Kind kind, String message, ThrowingCallable code) {
    assertThatThrownBy(code)
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(StorageException.class))
        .extracting(StorageException::kind)
        .isEqualTo(kind);
  }
}
