package io.github.reactivesqlite.sqlite.engine.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.error.ReadQueueFullException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full read queue delays an answer; it does not end a query that has answered before. */
class LiveOverloadTest {

  @TempDir Path dir;

  @Test
  void fullReadQueueIsWaitedOutAfterTheFirstAnswer() {
    try (SqliteDatabase db =
        SqliteDatabase.builder(dir.resolve("x.db"))
            .config(config -> config.readers(2).readQueueCapacity(2))
            .build()) {
      Bounded.get(db.script("CREATE TABLE a (n)"));
      Heard<List<Long>> heard =
          Heard.of(db.query("SELECT count(*) FROM a").mapTo(Long.class).live());
      assertThat(heard.next()).containsExactly(0L);

      CountDownLatch occupied = new CountDownLatch(2);
      CountDownLatch goOn = new CountDownLatch(1);
      RowMapper<Integer> blocking =
          row -> {
            occupied.countDown();
            Bounded.await(goOn);
            return 1;
          };
      List<Bounded.Outcome<Integer>> reads = new ArrayList<>();
      reads.add(Bounded.start(db.query("SELECT 1").map(blocking).one()));
      reads.add(Bounded.start(db.query("SELECT 1").map(blocking).one()));
      Bounded.await(occupied);
      reads.add(Bounded.start(db.query("SELECT 1").map(blocking).one()));
      reads.add(Bounded.start(db.query("SELECT 1").map(blocking).one()));

      long failedBefore = db.stats().reads().failed();
      Bounded.get(db.update("INSERT INTO a VALUES (1)").rowsUpdated());
      Bounded.until("a refused read", () -> db.stats().reads().failed() > failedBefore + 1);
      assertThat(Heard.of(db.query("SELECT max(n) FROM a").mapTo(Long.class).live()).failure())
          .isInstanceOf(ReadQueueFullException.class);
      assertThat(heard.rest()).isEmpty();
      goOn.countDown();
      reads.forEach(Bounded.Outcome::value);
      assertThat(heard.next()).containsExactly(1L);
    }
  }
}
