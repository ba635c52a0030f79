package io.github.reactivesqlite.sqlite.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SQLite asks whether to stop every 1,000 steps of a statement, counted over all its runs: once in a
 * while that is with the last step of a BEGIN, which then fails although it has begun.
 */
class StopAtBeginTest {

  @Test
  void stoppedBeginLeavesNoTransactionBehind(@TempDir Path dir) {
    try (SqliteDatabase db = SqliteDatabase.open(dir.resolve("x.db"))) {
      ReactiveDatabase hasty =
          db.with(OperationOptions.none().executionTimeout(Duration.ofNanos(1)));
      for (int i = 0; i < 2_000; i++) {
        Bounded.start(hasty.read(session -> 1)).get();
      }
      for (int i = 0; i < 20; i++) {
        Integer answer = Bounded.get(db.read(session -> 1));
        assertThat(answer).isEqualTo(1);
      }
    }
  }
}
