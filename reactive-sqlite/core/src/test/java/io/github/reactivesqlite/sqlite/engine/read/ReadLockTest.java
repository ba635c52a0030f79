package io.github.reactivesqlite.sqlite.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Another process rebuilds the index of the log: then even a read meets a lock. */
@Tag("process")
@EnabledOnOs(OS.LINUX)
class ReadLockTest {

  @TempDir Path directory;

  private SqliteDatabase database;
  private ChildJvm other;

  @BeforeEach
  void open() throws Exception {
    Path file = directory.resolve("recovered.db");
    database = SqliteDatabase.open(file);
    Bounded.get(database.script("CREATE TABLE item (id INTEGER); INSERT INTO item VALUES (7)"));
    assertThat(Bounded.get(read())).isEqualTo(7);
    other = ChildJvm.start(directory, IndexRecoveryMain.class, file + "-shm");
    other.awaitLine(IndexRecoveryMain.HELD, Bounded.PATIENCE);
  }

  @AfterEach
  void close() throws Exception {
    other.close();
    database.close();
  }

  @Test
  void readsWaitUntilItIsOver() throws Exception {
    try (LogLines log = new LogLines("io.github.reactivesqlite.locks")) {
      Outcome<Long> one = Bounded.start(read());
      Outcome<Long> all =
          Bounded.start(database.query("SELECT id FROM item").mapTo(Long.class).all().next());
      log.awaitLine("Database locked");
      assertThat(one.isDone()).isFalse();

      endOther();

      assertThat(one.value()).isEqualTo(7);
      assertThat(all.value()).isEqualTo(7);
    }
    assertThat(database.stats().reads().replaced()).isZero();
  }

  @Test
  void pastTheDeadlineTheReadIsRefusedWithWhatItWaited() throws Exception {
    Outcome<Long> hasty =
        Bounded.start(
            database
                .with(OperationOptions.none().lockTimeout(Duration.ofSeconds(2)))
                .query("SELECT id FROM item")
                .mapTo(Long.class)
                .one());

    assertThat(hasty.error())
        .isInstanceOfSatisfying(
            DatabaseBusyException.class,
            busy -> {
              // Its time runs from the subscription, its wait from the first attempt
              assertThat(busy.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
              assertThat(busy.attempts()).isGreaterThan(1);
            });
    endOther();
    assertThat(Bounded.get(read())).isEqualTo(7);
  }

  private void endOther() throws Exception {
    other.say("end");
    other.awaitLine(IndexRecoveryMain.FREE, Bounded.PATIENCE);
  }

  private Mono<Long> read() {
    return database.query("SELECT id FROM item").mapTo(Long.class).one();
  }
}
