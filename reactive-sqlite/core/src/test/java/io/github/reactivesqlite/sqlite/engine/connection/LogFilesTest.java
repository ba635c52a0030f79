package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.LogFiles.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of the log and its index, and what is not. */
class LogFilesTest {

  @TempDir Path directory;

  private FileGuard guard;
  private EngineConnection writer;

  @BeforeEach
  void open() {
    guard = FileGuard.claim(directory.resolve("files.db"), SqliteConfig.ofDefaults());
    writer = openWriter();
  }

  private EngineConnection openWriter() {
    ConnectionFactory factory = new ConnectionFactory(guard.file(), SqliteConfig.ofDefaults());
    return EngineConnection.openWriter(factory, guard, 10, "files-writer");
  }

  @AfterEach
  void close() {
    writer.close();
    guard.release();
  }

  private LogFiles files() {
    return guard.logFiles();
  }

  private void replaceBoth() throws IOException {
    for (String suffix : new String[] {"-wal", "-shm"}) {
      Path old = directory.resolve("files.db" + suffix);
      Files.move(old, directory.resolve("taken" + suffix));
      Files.write(old, new byte[32_768]);
    }
  }

  @Test
  void bothAreKnownBeforeTheFirstCommit() throws Exception {
    assertThat(files().isKnownOf(writer)).isTrue();
    assertThat(files().beforeCheckpoint()).isEqualTo(State.WELL);
    replaceBoth();
    files().seenBy(writer);
    files().usedBy(writer);
    assertThat(files().beforeCheckpoint()).isEqualTo(State.FOREIGN);
  }

  @Test
  void bothAreKnownAfterARenewal() throws Exception {
    files().forget();
    writer.close();
    writer = openWriter();
    assertThat(files().isKnownOf(writer)).isTrue();
    replaceBoth();
    files().seenBy(writer);
    files().usedBy(writer);
    assertThat(files().look()).isEqualTo(State.FOREIGN);
  }

  /** Nothing can be looked at below a path that is a file. */
  @Test
  void whatCouldNotBeLookedAtIsNotTakenForWell() {
    LogFiles unseen = new LogFiles(guard.file().resolve("below.db"));
    assertThat(unseen.beforeCheckpoint()).isEqualTo(State.WELL);
    unseen.seenBy(writer);
    assertThat(unseen.beforeCheckpoint()).isEqualTo(State.UNSEEN);
    assertThat(unseen.look()).isEqualTo(State.UNSEEN);
    unseen.forget();
    assertThat(unseen.beforeCheckpoint()).isEqualTo(State.WELL);
  }
}
