package io.github.reactivesqlite.sqlite.engine.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.RowMappingException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Schedulers;

/** The answer now, and again after every commit that can change it. */
class LiveQueryTest {

  private static final String COUNT = "SELECT count(*) FROM a";

  @TempDir Path dir;
  private SqliteDatabase db;

  @BeforeEach
  void open() {
    db = SqliteDatabase.open(dir.resolve("x.db"));
    Bounded.get(db.script("CREATE TABLE a (n); CREATE TABLE b (n)"));
    Bounded.get(db.script("CREATE TABLE live_test_marker (n)"));
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void insert() {
    Bounded.get(db.update("INSERT INTO a VALUES (1)").rowsUpdated());
  }

  private Flux<List<Long>> count() {
    return db.query(COUNT).mapTo(Long.class).live();
  }

  @Test
  void answersNowAndAfterEachCommit() {
    Heard<List<Long>> heard = Heard.of(count());
    assertThat(heard.next()).containsExactly(0L);
    for (long i = 1; i <= 20; i++) {
      insert();
      assertThat(heard.next()).containsExactly(i);
    }
    Bounded.get(db.update("INSERT INTO b VALUES (1)").rowsUpdated());
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
  }

  @Test
  void firstAnswerContainsWhatWasAcknowledged() {
    for (long i = 1; i <= 200; i++) {
      insert();
      Heard<List<Long>> heard = Heard.of(count().take(1));
      assertThat(heard.next()).containsExactly(i);
    }
  }

  @Test
  void answersAreUnmodifiable() {
    List<Long> answer = Heard.of(count()).next();
    assertThatThrownBy(() -> answer.add(1L)).isInstanceOf(UnsupportedOperationException.class);
  }

  /**
   *
   *
   * <pre>
   * live    first read takes its snapshot ── is held up in its mapper ────────── comes back
   * writer                                     writes, COMMIT is answered
   * </pre>
   */
  @Test
  void commitDuringTheFirstReadIsNotMissed() {
    Bounded.get(db.update("INSERT INTO a VALUES (1)").rowsUpdated());
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RowMapper<Long> slow =
        row -> {
          reading.countDown();
          Bounded.await(goOn);
          return row.get(1, Long.class);
        };
    Heard<List<Long>> heard = Heard.of(db.query("SELECT n FROM a").map(slow).live());
    Bounded.await(reading);
    Bounded.get(db.update("INSERT INTO a VALUES (2)").rowsUpdated());
    goOn.countDown();
    assertThat(heard.nextAfter(List.of(1L))).containsExactly(1L, 2L);
  }

  /**
   *
   *
   * <pre>
   * live                  reads b, and not a any more ── is held up in its mapper ── comes back
   * writer   DDL COMMIT                                   writes b, COMMIT is answered
   * </pre>
   */
  @Test
  void commitDuringTheFirstReadOfOtherTablesIsNotMissed() {
    insert();
    Bounded.get(db.update("INSERT INTO b VALUES (10)").rowsUpdated());
    Bounded.get(db.script("CREATE VIEW v AS SELECT n FROM a"));
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RowMapper<Long> slow =
        row -> {
          long n = row.getLong(1);
          if (n == 10) {
            reading.countDown();
            Bounded.await(goOn);
          }
          return n;
        };
    Heard<List<Long>> heard = Heard.of(db.query("SELECT n FROM v").map(slow).live());
    assertThat(heard.next()).containsExactly(1L);
    Bounded.get(db.script("DROP VIEW v; CREATE VIEW v AS SELECT n FROM b"));
    Bounded.await(reading);
    Bounded.get(db.update("INSERT INTO b VALUES (11)").rowsUpdated());
    Heard.settle(db);
    goOn.countDown();
    assertThat(heard.nextAfter(List.of(10L))).containsExactly(10L, 11L);
  }

  /** The same, with a commit that does not concern it: there is no second answer. */
  @Test
  void commitElsewhereDuringTheFirstReadIsNoReasonToReadAgain() {
    insert();
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RowMapper<Long> slow =
        row -> {
          reading.countDown();
          Bounded.await(goOn);
          return row.get(1, Long.class);
        };
    Heard<List<Long>> heard = Heard.of(db.query("SELECT n FROM a").map(slow).live());
    Bounded.await(reading);
    Bounded.get(db.update("INSERT INTO b VALUES (2)").rowsUpdated());
    goOn.countDown();
    heard.next();
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
  }

  /**
   *
   *
   * <pre>
   * writer  unit writes ── is held up ──────────────────────────── COMMIT
   * live                     subscribes, first answer without it
   * </pre>
   */
  @Test
  void writeThatRanBeforeTheSubscriptionIsNotMissed() {
    HeldWrite write = new HeldWrite(db, "INSERT INTO a VALUES (1)");
    Heard<List<Long>> heard = Heard.of(count());
    assertThat(heard.next()).containsExactly(0L);
    write.commit();
    assertThat(heard.next()).containsExactly(1L);
  }

  @Test
  void oneReadAtATimeAndTheLatestWins() {
    insert();
    Semaphore goOn = new Semaphore(0);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger reads = new AtomicInteger();
    RowMapper<Long> slow =
        row -> {
          reads.incrementAndGet();
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          if (!goOn.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("never released");
          }
          atOnce.decrementAndGet();
          return row.get(1, Long.class);
        };
    Heard<List<Long>> heard = Heard.of(db.query(COUNT).map(slow).live());
    Bounded.until("the first read", () -> reads.get() == 1);
    for (int i = 0; i < 10; i++) {
      insert();
    }
    Heard.settle(db);
    goOn.release(100);
    assertThat(heard.nextAfter(List.of(1L))).containsExactly(11L);
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
    assertThat(most).hasValue(1);
    assertThat(reads).hasValue(2);
  }

  @Test
  void withoutDemandNothingIsReadAndTheLatestIsGivenLater() {
    AtomicInteger reads = new AtomicInteger();
    RowMapper<Long> counting =
        row -> {
          reads.incrementAndGet();
          return row.get(1, Long.class);
        };
    Heard<List<Long>> heard = Heard.of(db.query(COUNT).map(counting).live(), 1);
    assertThat(heard.next()).containsExactly(0L);
    for (int i = 0; i < 50; i++) {
      insert();
    }
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
    assertThat(reads).hasValue(1);
    heard.request(1);
    assertThat(heard.next()).containsExactly(50L);
    assertThat(reads).hasValue(2);
    heard.request(1);
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
    insert();
    assertThat(heard.next()).containsExactly(51L);
  }

  @Test
  void equalQueriesShareReads() {
    AtomicInteger reads = new AtomicInteger();
    RowMapper<Long> counting =
        row -> {
          reads.incrementAndGet();
          return row.get(1, Long.class);
        };
    String sql = "SELECT count(*) FROM a WHERE n = :n";
    List<Heard<List<Long>>> same = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Heard<List<Long>> heard = Heard.of(db.query(sql).bind("n", 1).map(counting).live());
      heard.next();
      same.add(heard);
    }
    Heard<List<Long>> other = Heard.of(db.query(sql).bind("n", 2).map(counting).live());
    assertThat(other.next()).containsExactly(0L);
    int before = reads.get();
    insert();
    same.forEach(heard -> assertThat(heard.next()).containsExactly(1L));
    assertThat(other.next()).containsExactly(0L);
    Heard.settle(db);
    assertThat(reads.get() - before).isEqualTo(2);
    same.forEach(heard -> assertThat(heard.rest()).isEmpty());
  }

  @Test
  void slowOneOfTwoEqualQueriesHoldsUpNobody() {
    Heard<List<Long>> slow = Heard.of(count(), 1);
    Heard<List<Long>> fast = Heard.of(count());
    slow.next();
    fast.next();
    for (long i = 1; i <= 10; i++) {
      insert();
      assertThat(fast.next()).containsExactly(i);
    }
    assertThat(slow.rest()).isEmpty();
    slow.request(1);
    assertThat(slow.next()).containsExactly(10L);
    Heard.settle(db);
    assertThat(fast.rest()).isEmpty();
  }

  @Test
  void namedTablesInsteadOfFoundOnes() {
    Heard<List<Long>> heard = Heard.of(db.query(COUNT).mapTo(Long.class).live("B"));
    assertThat(heard.next()).containsExactly(0L);
    insert();
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
    Bounded.get(db.update("INSERT INTO b VALUES (1)").rowsUpdated());
    assertThat(heard.next()).containsExactly(1L);
    assertThatThrownBy(() -> db.query(COUNT).mapTo(Long.class).live(new String[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> db.query(COUNT).mapTo(Long.class).live(""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void intervalHoldsBackWhatComesTooSoon() {
    ReactiveDatabase view = db.with(OperationOptions.none().liveInterval(Duration.ofMillis(400)));
    long begun = System.nanoTime();
    Heard<List<Long>> heard = Heard.of(view.query(COUNT).mapTo(Long.class).live());
    heard.next();
    for (int i = 0; i < 20; i++) {
      insert();
    }
    AtomicInteger later = new AtomicInteger();
    Bounded.until(
        "the last of them",
        () -> {
          later.incrementAndGet();
          return heard.next().contains(20L);
        });
    // One interval before each, however long the writes themselves took
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThan(Duration.ofMillis(300).multipliedBy(later.get()));
  }

  @Test
  void commitOfAnotherProcessIsSeen() {
    Heard<List<Long>> heard = Heard.of(count());
    heard.next();
    try (ForeignProcess other = new ForeignProcess(dir.resolve("x.db"))) {
      other.run("INSERT INTO a VALUES (1)");
      assertThat(heard.next()).containsExactly(1L);
      other.hold();
      other.run("INSERT INTO a VALUES (2)");
      // Our own write waits for the lock, and the poll goes on meanwhile
      Bounded.Outcome<Long> own = Bounded.start(db.update("DELETE FROM b").rowsUpdated());
      assertThat(heard.rest()).isEmpty();
      other.release();
      Bounded.until("the other's commit", () -> heard.next().contains(2L));
      own.value();
    }
  }

  @Test
  void withoutPollingOtherProcessesAreNotSeen() {
    db.close();
    db =
        SqliteDatabase.builder(dir.resolve("x.db"))
            .config(config -> config.foreignChangePolling(Duration.ZERO))
            .build();
    Heard<List<Long>> heard = Heard.of(count());
    heard.next();
    try (ForeignProcess other = new ForeignProcess(dir.resolve("x.db"))) {
      other.run("INSERT INTO a VALUES (1)");
      Heard.settle(db);
      assertThat(heard.rest()).isEmpty();
      insert();
      assertThat(heard.next()).containsExactly(2L);
    }
  }

  @Test
  void closeEndsWithErrorAndSoDoesWhatComesLater() {
    Heard<List<Long>> heard = Heard.of(count());
    heard.next();
    db.close();
    assertThat(heard.failure()).isInstanceOf(DatabaseClosedException.class);
    assertThat(Heard.of(count()).failure()).isInstanceOf(DatabaseClosedException.class);
  }

  @Test
  void wrongStatementFailsTheSubscription() {
    assertThat(Heard.of(db.query("SELECT x FROM nowhere").mapTo(Long.class).live()).failure())
        .isInstanceOf(InvalidSqlException.class);
    assertThat(Heard.of(db.query("SELECT :n").mapTo(Long.class).live()).failure())
        .isInstanceOf(InvalidSqlException.class);
  }

  @Test
  void errorOfTheMapperEndsTheQueryAndANewOneCanBegin() {
    AtomicBoolean fails = new AtomicBoolean();
    RowMapper<Long> mapper =
        row -> {
          if (fails.get()) {
            throw new IllegalStateException("no");
          }
          return row.get(1, Long.class);
        };
    Flux<List<Long>> live = db.query(COUNT).map(mapper).live();
    Heard<List<Long>> heard = Heard.of(live);
    heard.next();
    fails.set(true);
    insert();
    assertThat(heard.failure()).isInstanceOf(RowMappingException.class);
    fails.set(false);
    assertThat(Heard.of(live).next()).containsExactly(1L);
  }

  @Test
  void subscriberThatThrowsIsToldAndOthersGoOn() {
    Heard<List<Long>> throwing =
        Heard.of(
            count()
                .doOnNext(
                    rows -> {
                      if (rows.contains(1L)) {
                        throw new IllegalStateException("no");
                      }
                    }));
    Heard<List<Long>> other = Heard.of(count());
    throwing.next();
    other.next();
    insert();
    assertThat(throwing.failure()).hasMessage("no");
    assertThat(other.next()).containsExactly(1L);
    insert();
    assertThat(other.next()).containsExactly(2L);
  }

  @Test
  void subscriptionOnAnEngineThreadIsRefused() {
    AtomicReference<Throwable> refused = new AtomicReference<>();
    Bounded.get(
        db.read(
            session -> {
              count().subscribe(rows -> {}, refused::set);
              return 1;
            }));
    assertThat(refused.get()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void immediateResultSchedulerWorksToo() {
    db.close();
    db =
        SqliteDatabase.builder(dir.resolve("x.db"))
            .config(config -> config.resultScheduler(Schedulers.immediate()))
            .build();
    Heard<List<Long>> heard = Heard.of(count());
    assertThat(heard.next()).containsExactly(0L);
    for (long i = 1; i <= 20; i++) {
      insert();
      assertThat(heard.next()).containsExactly(i);
    }
  }

  @Test
  void signalsComeOnTheResultScheduler() {
    Heard<String> threads = Heard.of(count().map(rows -> Thread.currentThread().getName()));
    assertThat(threads.next()).startsWith("sqlite-result-");
    insert();
    assertThat(threads.next()).startsWith("sqlite-result-");
  }

  /** Cancels at every stage, again and again, while others listen and writes go on. */
  @Test
  void cancelsAtAnyTimeDropNothingToTheHooks() {
    List<Object> dropped = new CopyOnWriteArrayList<>();
    Hooks.onNextDropped(dropped::add);
    Hooks.onErrorDropped(dropped::add);
    try {
      Heard<List<Long>> steady = Heard.of(count());
      for (int i = 0; i < 300; i++) {
        Heard<List<Long>> heard = Heard.of(count());
        Heard<List<Long>> alone =
            Heard.of(db.query("SELECT n FROM a LIMIT " + (i + 1)).mapTo(Long.class).live());
        Bounded.Outcome<Long> write =
            Bounded.start(db.update("INSERT INTO a VALUES (1)").rowsUpdated());
        if (i % 3 == 0) {
          alone.next();
        }
        if (i % 3 == 1) {
          write.value();
        }
        heard.cancel();
        alone.cancel();
        write.value();
      }
      Bounded.until("all writes", () -> steady.next().contains(300L));
      steady.cancel();
    } finally {
      Hooks.resetOnNextDropped();
      Hooks.resetOnErrorDropped();
    }
    assertThat(dropped).isEmpty();
  }

  @Test
  void thousandLiveQueriesOnFiftyTables() {
    StringBuilder schema = new StringBuilder();
    for (int table = 0; table < 50; table++) {
      schema.append("CREATE TABLE t").append(table).append(" (n);");
    }
    Bounded.get(db.script(schema.toString()));
    List<Heard<List<Long>>> all = new ArrayList<>();
    CountDownLatch atTheLastState = new CountDownLatch(1_000);
    for (int i = 0; i < 1_000; i++) {
      String sql = "SELECT count(*) FROM t" + i % 50 + " WHERE n < :most";
      AtomicBoolean last = new AtomicBoolean();
      all.add(
          Heard.of(
              db.query(sql)
                  .bind("most", 1_000 + i)
                  .mapTo(Long.class)
                  .live()
                  .doOnNext(
                      rows -> {
                        if (rows.contains(10L) && last.compareAndSet(false, true)) {
                          atTheLastState.countDown();
                        }
                      })));
    }
    all.forEach(heard -> assertThat(heard.next()).containsExactly(0L));
    long begun = System.nanoTime();
    for (int round = 0; round < 10; round++) {
      List<Bounded.Outcome<Long>> writes = new ArrayList<>();
      for (int table = 0; table < 50; table++) {
        writes.add(Bounded.start(db.update("INSERT INTO t" + table + " VALUES (1)").rowsUpdated()));
      }
      writes.forEach(Bounded.Outcome::value);
    }
    awaitWhileItFalls(atTheLastState);
    long millis = (System.nanoTime() - begun) / 1_000_000;
    int answers = 0;
    for (Heard<List<Long>> heard : all) {
      List<List<Long>> rows = heard.rest();
      answers += rows.size();
      List<Long> counts = rows.stream().map(row -> row.get(0)).toList();
      assertThat(counts).isSorted();
    }
    System.out.printf(
        "live: 1,000 queries on 50 tables, 500 writes: all at the last state after %d ms, by %d"
            + " answers%n",
        millis, answers);
    all.forEach(Heard::cancel);
  }

  /** A thousand answers may take long together; none of them may. */
  private static void awaitWhileItFalls(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      long before = latch.getCount();
      Bounded.until("one more of " + before, () -> latch.getCount() < before);
    }
  }
}
