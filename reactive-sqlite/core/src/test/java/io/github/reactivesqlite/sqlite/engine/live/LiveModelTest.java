package io.github.reactivesqlite.sqlite.engine.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Random writes of every kind while live queries come, go and ask for more at random moments: when
 * it is quiet again, each has been given the state that the database has. Repeat a failure with
 * {@code -Dlive.seed=…}.
 */
@Tag("reliability")
class LiveModelTest {

  private static final List<String> QUERIES =
      List.of(
          "SELECT count(*) FROM a",
          "SELECT n FROM a ORDER BY rowid DESC LIMIT 3",
          "SELECT count(*) FROM w",
          "SELECT sum(n) + 0 FROM both WHERE n IS NOT NULL HAVING count(*) > 0",
          "SELECT count(*) FROM child",
          "SELECT count(*) FROM log",
          "SELECT count(*) FROM ft('word')",
          "SELECT (SELECT count(*) FROM parent) + (SELECT count(*) FROM w)",
          "SELECT max(id) FROM parent HAVING max(id) > 0");

  /** Every build tries the same; the long form tries new ones. */
  private static final long SHORT_SEED = 20_261_122;

  @TempDir Path dir;
  private SqliteDatabase db;

  @Test
  void everyLiveQueryEndsAtTheFinalState() {
    long seed = Long.getLong("live.seed", Scale.isLong() ? System.nanoTime() : SHORT_SEED);
    System.out.printf("live: seed %d%n", seed);
    Random random = new Random(seed);
    int rounds = Scale.of(20, 200);
    int answers = 0;
    db = SqliteDatabase.open(dir.resolve("x.db"));
    try (ForeignProcess other = new ForeignProcess(dir.resolve("x.db"))) {
      schema();
      List<Watcher> watchers = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        Bounded.Outcome<Void> writes = Bounded.start(writes(random.nextLong(), 60));
        while (!writes.isDone()) {
          disturb(random, watchers);
        }
        writes.value();
        if (round % 3 == 0) {
          other.run("INSERT INTO w VALUES ('other" + round + "', 1)");
        }
        for (Watcher watcher : watchers) {
          watcher.request(Long.MAX_VALUE);
          List<Long> expected = Bounded.get(read(watcher.sql));
          assertThat(watcher.failure).as(watcher.sql).isNull();
          Bounded.until(
              "seed " + seed + ", round " + round + ": " + watcher.sql + " gives " + expected,
              () -> expected != null && expected.equals(watcher.last.get()));
        }
        for (Watcher watcher : watchers) {
          answers += watcher.answers;
          watcher.cancel();
        }
        watchers.clear();
      }
    } finally {
      db.close();
    }
    System.out.printf("live: %d rounds of 60 writes, %d answers, none missed%n", rounds, answers);
    assertThat(answers).isPositive();
  }

  private Mono<List<Long>> read(String sql) {
    return db.query(sql).mapTo(Long.class).all().collectList();
  }

  private void schema() {
    Bounded.get(
        db.script(
            "CREATE TABLE a (n); CREATE TABLE w (id TEXT PRIMARY KEY, n) WITHOUT ROWID;"
                + "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
                + "CREATE TABLE child (pid REFERENCES parent (id) ON DELETE CASCADE);"
                + "CREATE TABLE log (n); CREATE VIRTUAL TABLE ft USING fts5 (body);"
                + "CREATE VIEW both AS SELECT n FROM a UNION ALL SELECT n FROM w;"
                + "CREATE TRIGGER t AFTER DELETE ON a BEGIN INSERT INTO log VALUES (1); END"));
  }

  /** A moment's worth of coming, going and asking. */
  private void disturb(Random random, List<Watcher> watchers) {
    if (watchers.size() < 12 || random.nextInt(4) == 0) {
      Watcher watcher = new Watcher(QUERIES.get(random.nextInt(QUERIES.size())));
      watchers.add(watcher);
      db.query(watcher.sql).mapTo(Long.class).live().subscribe(watcher);
    } else if (watchers.size() > 30 || random.nextInt(3) == 0) {
      watchers.remove(random.nextInt(watchers.size())).cancel();
    } else {
      watchers.get(random.nextInt(watchers.size())).request(1 + random.nextInt(2));
    }
  }

  private Mono<Void> writes(long seed, int count) {
    Random random = new Random(seed);
    return Flux.range(0, count)
        .map(n -> write(random.nextInt(12), random.nextInt(20)))
        .flatMap(write -> write.onErrorComplete().subscribeOn(Schedulers.parallel()), 6)
        .then();
  }

  private Mono<?> write(int kind, int n) {
    return switch (kind) {
      case 0 -> db.update("INSERT INTO a VALUES (?)").bind(1, n).rowsUpdated();
      case 1 -> db.update("DELETE FROM a WHERE n = ?").bind(1, n).rowsUpdated();
      case 2 -> db.update("REPLACE INTO w VALUES (?, ?)").bind(1, "" + n).bind(2, n).rowsUpdated();
      case 3 -> db.update("DELETE FROM w").rowsUpdated();
      case 4 -> db.update("INSERT OR IGNORE INTO parent VALUES (?)").bind(1, n).rowsUpdated();
      case 5 -> db.update("INSERT INTO child VALUES (?)").bind(1, n).rowsUpdated();
      case 6 -> db.update("DELETE FROM parent WHERE id = ?").bind(1, n).rowsUpdated();
      case 7 -> db.update("INSERT INTO ft VALUES ('a word')").rowsUpdated();
      case 8 ->
          db.write(
              session -> {
                session.update("INSERT INTO a VALUES (?)").bind(1, n).execute();
                if (n % 2 == 0) {
                  throw new IllegalStateException("undone");
                }
                return session.update("UPDATE w SET n = n + 1").execute();
              });
      case 9 ->
          db.withTransaction(
              tx ->
                  tx.update("INSERT INTO a VALUES (?)")
                      .bind(1, n)
                      .rowsUpdated()
                      .then(tx.update("DELETE FROM ft").rowsUpdated())
                      .flatMap(
                          rows ->
                              n % 3 == 0
                                  ? Mono.error(new IllegalStateException("undone"))
                                  : Mono.just(rows)));
      case 10 ->
          db.batch("INSERT INTO a VALUES (?)")
              .chunkSize(3)
              .execute(Flux.range(0, 7), (parameters, i) -> parameters.bind(1, i))
              .then();
      default ->
          n == 0
              ? db.maintenance().vacuum().then()
              : db.script("CREATE INDEX IF NOT EXISTS i" + n + " ON a (n)");
    };
  }

  /** Remembers the last answer. */
  private static final class Watcher extends BaseSubscriber<List<Long>> {
    private final String sql;
    private final AtomicReference<@Nullable List<Long>> last = new AtomicReference<>();
    private volatile int answers;
    private volatile @Nullable Throwable failure;

    Watcher(String sql) {
      this.sql = sql;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      subscription.request(1);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // signals come one after another
    protected void hookOnNext(List<Long> rows) {
      last.set(rows);
      answers++;
    }

    @Override
    protected void hookOnError(Throwable error) {
      failure = error;
    }
  }
}
