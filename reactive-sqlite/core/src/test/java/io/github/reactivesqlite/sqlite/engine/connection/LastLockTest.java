package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lock beside the last connection is one that keeps its log out of the file, or none. */
class LastLockTest {

  @TempDir Path directory;

  private FileGuard guard;
  private EngineConnection writer;
  private Path log;

  @BeforeEach
  void write() {
    guard = FileGuard.claim(directory.resolve("last.db"), SqliteConfig.ofDefaults());
    ConnectionFactory factory = new ConnectionFactory(guard.file(), SqliteConfig.ofDefaults());
    writer = EngineConnection.openWriter(factory, guard, 10, "last-writer");
    writer.run("CREATE TABLE entry (body BLOB)");
    writer.run("INSERT INTO entry VALUES (zeroblob(50000))");
    log = directory.resolve("last.db-wal");
  }

  @AfterEach
  void release() {
    writer.close();
    guard.release();
  }

  /** What is in the log's place when the writer is closed. */
  enum InItsPlace {
    OURS {
      @Override
      void put(Path log) {}
    },
    NOTHING {
      @Override
      void put(Path log) throws IOException {
        Files.delete(log);
      }
    },
    SHORTER {
      @Override
      void put(Path log) throws IOException {
        Files.delete(log);
        Files.write(log, new byte[100]);
      }
    },
    NONSENSE {
      @Override
      void put(Path log) throws IOException {
        Files.delete(log);
        Files.write(log, new byte[200_000]);
      }
    },
    DIRECTORY {
      @Override
      void put(Path log) throws IOException {
        Files.delete(log);
        Files.createFile(Files.createDirectory(log).resolve("one"));
      }
    };

    abstract void put(Path log) throws IOException;
  }

  @ParameterizedTest
  @EnumSource(InItsPlace.class)
  void aLockKeepsTheLogOutOfTheFile(InItsPlace inItsPlace) throws Exception {
    long size = Files.size(guard.file());
    inItsPlace.put(log);

    try (LastLock lock = LastLock.on(guard)) {
      assertThat(lock).isNotNull();
      writer.close();
      assertThat(Files.size(guard.file())).isEqualTo(size);
    }
    assertThat(Files.size(guard.file())).isEqualTo(size);
  }

  @Test
  @Tag("process")
  void anotherProcessMeetsTheLock() {
    try (LastLock lock = LastLock.on(guard);
        ForeignProcess other = new ForeignProcess(guard.file())) {
      assertThat(lock).isNotNull();
      writer.close();
      assertThat(other.fail("PRAGMA journal_mode = DELETE")).contains("locked");
    }
  }

  @Test
  void thereIsNoneOnAFileThatIsGone() throws Exception {
    Path elsewhere = Objects.requireNonNull(guard.file().getParent()).resolve("elsewhere.db");
    Files.move(guard.file(), elsewhere);

    assertThat(LastLock.on(guard)).isNull();
  }
}
