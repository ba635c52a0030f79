package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** A second process holds the file's write lock, and the writer waits for it. */
@Tag("process")
class ForeignLockTest {

  /** Pauses long enough to act within one, and all alike. */
  private static final RetryPolicy SLOW_STEPS =
      RetryPolicy.retryBackoff(20, Duration.ofMillis(400), Duration.ofMillis(400)).jitter(0);

  @TempDir Path directory;

  private Path file;
  private SqliteDatabase database;
  private ForeignProcess other;
  private LogLines log;

  @BeforeEach
  void open() {
    file = directory.resolve("shared.db");
    // A group on a machine that is held up is still one group
    database =
        SqliteDatabase.builder(file)
            .config(config -> config.maxGroupTime(Duration.ofSeconds(30)))
            .build();
    Bounded.get(
        database.update("CREATE TABLE item (id INTEGER PRIMARY KEY, who TEXT)").rowsUpdated());
    other = new ForeignProcess(file);
    log = new LogLines(LockLog.LOGGER);
  }

  @AfterEach
  void close() {
    try {
      log.close();
    } finally {
      try {
        other.close();
      } finally {
        database.close();
      }
    }
  }

  @Nested
  class Waiting {

    @Test
    void aWriteWaitsUntilTheLockIsFreedAfterTheThirdRetry() {
      DatabaseStats before = database.stats();
      other.hold();
      Outcome<Long> write = Bounded.start(insert(view("topics.save", SLOW_STEPS), "mine"));

      log.awaitLine("Database locked in topics.save, retry 3/20");
      other.release();

      assertThat(write.value()).isOne();
      DatabaseStats.LockStats lock = database.stats().since(before).lock();
      assertThat(lock.attempts()).isOne();
      assertThat(lock.successes()).isOne();
      assertThat(lock.failures()).isZero();
      // More of them when the other process was slow to let go
      assertThat(lock.retries()).isGreaterThanOrEqualTo(3);
      assertThat(lock.totalWait()).isGreaterThanOrEqualTo(Duration.ofMillis(1_150));
      assertThat(lock.maxWait()).isEqualTo(lock.totalWait());
      assertThat(lock.lastEvent()).isPresent();
      assertThat(log.linesWith("retry"))
          .hasSize((int) lock.retries())
          .allSatisfy(
              line ->
                  assertThat(line)
                      .matches(
                          "WARN Database locked in topics\\.save, retry \\d+/20 after 0\\.400 s"
                              + " \\(total wait \\d+\\.\\d{3} s\\)"));
      assertThat(log.awaitLine("completed"))
          .matches(
              "INFO topics\\.save completed in \\d+\\.\\d{3} s"
                  + " \\(waited \\d+\\.\\d{3} s for locks, %d attempts\\)"
                      .formatted(lock.retries() + 1));
    }

    @Test
    void theDefaultPolicyPollsEveryFewMillisAndSaysSo() {
      other.hold();
      Outcome<Long> write = Bounded.start(insert(label("poll"), "mine"));
      log.awaitLine("Database locked in poll, retry 4 after 0.0");
      other.release();

      assertThat(write.value()).isOne();
      assertThat(database.stats().lock().retries()).isGreaterThanOrEqualTo(4);
      assertThat(database.stats().lock().totalWait()).isPositive();
    }

    @Test
    void unitsThatArriveMeanwhileJoinAndCommitTogether() {
      DatabaseStats before = database.stats();
      other.hold();
      Outcome<Long> first = Bounded.start(insert(view("first", SLOW_STEPS), "first"));
      log.awaitLine("Database locked in first, retry 1/20");
      List<Outcome<Long>> joined =
          IntStream.range(0, 10)
              .mapToObj(i -> Bounded.start(insert(label("joined"), "w" + i)))
              .toList();
      log.awaitLine("Database locked in first, retry 2/20");
      other.release();

      assertThat(first.value()).isOne();
      joined.forEach(write -> assertThat(write.value()).isOne());
      DatabaseStats since = database.stats().since(before);
      assertThat(since.writes().commits()).isOne();
      assertThat(since.lock().attempts()).isEqualTo(11);
      assertThat(since.lock().successes()).isEqualTo(11);
      assertThat(who()).hasSize(11).startsWith("first", "w0", "w1");
    }

    @Test
    void whenTheLeadIsCancelledTheOthersGoOn() {
      other.hold();
      Outcome<Long> lead = Bounded.start(insert(view("lead", SLOW_STEPS), "lead"));
      log.awaitLine("Database locked in lead, retry 1/20");
      Outcome<Long> next = Bounded.start(insert(view("next", SLOW_STEPS), "next"));
      log.awaitLine("Database locked in lead, retry 2/20");

      lead.cancel();
      log.awaitLine("Database locked in next, retry");
      other.release();

      assertThat(next.value()).isOne();
      assertThat(who()).containsExactly("next");
      assertThat(database.stats().writes().cancelledQueued()).isOne();
      assertThat(database.stats().lock().failures()).isZero();
    }

    @Test
    void transactionsAndUnitsAndScriptsWaitToo() {
      other.hold();
      Outcome<Long> interactive =
          Bounded.start(
              label("tx").withTransaction(tx -> tx.update(insertSql("tx")).rowsUpdated()));
      log.awaitLine("Database locked in tx");
      Outcome<Long> unit =
          Bounded.start(label("unit").write(session -> session.update(insertSql("u")).execute()));
      Outcome<Void> script = Bounded.start(label("script").script(insertSql("script")));
      other.release();

      assertThat(interactive.value()).isOne();
      assertThat(unit.value()).isOne();
      assertThat(script.value()).isNull();
      assertThat(who()).containsExactly("tx", "u", "script");
    }

    @Test
    void readsGoOn() {
      Bounded.get(insert(database, "seen"));
      other.hold();
      Outcome<Long> write = Bounded.start(insert(label("blocked"), "mine"));
      log.awaitLine("Database locked in blocked");

      for (int i = 0; i < 20; i++) {
        assertThat(who()).containsExactly("seen");
      }
      assertThat(write.isDone()).isFalse();
      other.release();
      assertThat(write.value()).isOne();
    }

    @Test
    void aKilledHolderFreesTheLockAndItsWorkIsGone() {
      other.hold();
      other.run("INSERT INTO item (who) VALUES ('theirs')");
      Outcome<Long> write = Bounded.start(insert(label("patient"), "mine"));
      log.awaitLine("Database locked in patient");
      other.kill();

      assertThat(write.value()).isOne();
      assertThat(who()).containsExactly("mine");
    }

    @Test
    void nothingIsLostBetweenTwoProcessesThatTakeTurns() {
      int rounds = 25;
      for (int i = 0; i < rounds; i++) {
        other.hold();
        other.run("INSERT INTO item (who) VALUES ('theirs')");
        Outcome<Long> mine = Bounded.start(insert(label("turns"), "mine"));
        other.release();
        assertThat(mine.value()).isOne();
      }

      assertThat(who()).hasSize(2 * rounds);
      assertThat(database.stats().lock().failures()).isZero();
    }
  }

  @Nested
  class GivingUp {

    @Test
    void pastTheDeadlineTheWriteIsRefusedWithWhatItWaited() {
      ReactiveDatabase hasty =
          database.with(OperationOptions.labelled("hasty").lockTimeout(Duration.ofSeconds(1)));
      other.hold();

      Throwable error = Bounded.start(insert(hasty, "mine")).error();

      assertThat(error)
          .isInstanceOfSatisfying(
              DatabaseBusyException.class,
              busy -> {
                assertThat(busy.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(990));
                assertThat(busy.attempts()).isGreaterThan(10);
                assertThat(busy.code()).isEqualTo(5);
                assertThat(busy.label()).contains("hasty");
                assertThat(busy.isTransient()).isTrue();
                assertThat(log.awaitLine("giving up"))
                    .isEqualTo(
                        "ERROR Database locked after "
                            + busy.attempts()
                            + " attempts, giving up: hasty");
              });
      DatabaseStats.LockStats lock = database.stats().lock();
      assertThat(lock.failures()).isOne();
      assertThat(lock.failureRate()).isPositive();
      other.release();
      assertThat(Bounded.get(insert(hasty, "later"))).isOne();
      assertThat(who()).containsExactly("later");
    }

    @Test
    void withoutRetriesItIsRefusedAtOnce() {
      other.hold();

      Throwable error = Bounded.start(insert(view("once", RetryPolicy.none()), "mine")).error();

      assertThat(error)
          .isInstanceOfSatisfying(
              DatabaseBusyException.class,
              busy -> {
                assertThat(busy.attempts()).isOne();
                assertThat(busy.waited()).isLessThan(Duration.ofSeconds(5));
              });
      assertThat(log.awaitLine("giving up"))
          .isEqualTo("ERROR Database locked after 1 attempts, giving up: once");
      assertThat(log.linesWith("retry")).isEmpty();
    }

    @Test
    void aPolicyEndsAfterItsOwnAttempts() {
      other.hold();
      RetryPolicy three =
          RetryPolicy.retryBackoff(3, Duration.ofMillis(20), Duration.ofMillis(20)).jitter(0);

      Throwable error = Bounded.start(insert(view("three", three), "mine")).error();

      assertThat(error)
          .isInstanceOfSatisfying(
              DatabaseBusyException.class,
              busy -> assertThat(busy.attempts()).as("the first and three more").isEqualTo(4));
      assertThat(log.linesWith("Database locked in three, retry")).hasSize(3);
      assertThat(database.stats().lock().retries()).isEqualTo(3);
    }

    @Test
    void thePolicysOwnDeadlineCounts() {
      other.hold();
      RetryPolicy bounded = RetryPolicy.ofDefaults().deadline(Duration.ofMillis(150));

      Throwable error = Bounded.start(insert(view("bounded", bounded), "mine")).error();

      assertThat(error)
          .isInstanceOfSatisfying(
              DatabaseBusyException.class,
              busy ->
                  assertThat(busy.waited())
                      .isBetween(Duration.ofMillis(140), Duration.ofSeconds(5)));
    }

    @Test
    void eachUnitLeavesByItsOwnPolicy() {
      other.hold();
      Outcome<Long> patient = Bounded.start(insert(view("patient", SLOW_STEPS), "patient"));
      log.awaitLine("Database locked in patient, retry 1/20");
      Outcome<Long> none = Bounded.start(insert(view("none", RetryPolicy.none()), "none"));
      Outcome<Long> twice =
          Bounded.start(
              insert(
                  view(
                      "twice",
                      RetryPolicy.retryBackoff(1, Duration.ofMillis(1), Duration.ofMillis(1))),
                  "twice"));

      assertThat(none.error())
          .isInstanceOfSatisfying(
              DatabaseBusyException.class, busy -> assertThat(busy.attempts()).isOne());
      assertThat(twice.error())
          .isInstanceOfSatisfying(
              DatabaseBusyException.class, busy -> assertThat(busy.attempts()).isEqualTo(2));
      assertThat(patient.isDone()).isFalse();
      other.release();
      assertThat(patient.value()).isOne();
      assertThat(who()).containsExactly("patient");
    }

    @Test
    void aUnitThatNeverSawTheLockTakenHadNoTurn() {
      RetryPolicy rare =
          RetryPolicy.retryBackoff(9, Duration.ofSeconds(3), Duration.ofSeconds(3)).jitter(0);
      other.hold();
      Outcome<Long> lead = Bounded.start(insert(view("lead", rare), "lead"));
      log.awaitLine("Database locked in lead, retry 1/9");

      Throwable error =
          Bounded.start(
                  insert(
                      database.with(OperationOptions.none().acquireTimeout(Duration.ofMillis(100))),
                      "short"))
              .error();

      assertThat(error).isInstanceOf(AcquireTimeoutException.class);
      lead.cancel();
      other.release();
    }
  }

  @Nested
  class Opening {

    @Test
    void openingWaitsForTheLock() {
      Path fresh = directory.resolve("fresh.db");
      try (ForeignProcess holder = new ForeignProcess(fresh)) {
        holder.run("CREATE TABLE theirs (x)");
        holder.run("BEGIN EXCLUSIVE");
        Outcome<SqliteDatabase> opening = Bounded.start(SqliteDatabase.openAsync(fresh));
        Outcome<Long> elsewhere = Bounded.start(insert(database, "elsewhere"));
        assertThat(elsewhere.value()).isOne();
        assertThat(opening.isDone()).isFalse();
        holder.release();

        SqliteDatabase opened = opening.value();
        try {
          assertThat(Bounded.get(opened.update("INSERT INTO theirs VALUES (1)").rowsUpdated()))
              .isOne();
        } finally {
          opened.close();
        }
      }
    }

    @Test
    void openingGivesUpAtItsDeadlineAndLeavesTheFileToOthers() {
      Path fresh = directory.resolve("fresh.db");
      try (ForeignProcess holder = new ForeignProcess(fresh)) {
        holder.run("CREATE TABLE theirs (x)");
        holder.run("BEGIN EXCLUSIVE");

        Throwable error =
            Bounded.start(
                    SqliteDatabase.builder(fresh)
                        .config(config -> config.lockTimeout(Duration.ofMillis(600)))
                        .buildAsync())
                .error();

        assertThat(error)
            .isInstanceOfSatisfying(
                DatabaseBusyException.class, busy -> assertThat(busy.attempts()).isGreaterThan(1));
        holder.release();
        SqliteDatabase.open(fresh).close();
      }
    }

    @Test
    void aShorterDeadlineOfThePolicyBoundsTheOpeningToo() {
      Path fresh = directory.resolve("fresh.db");
      try (ForeignProcess holder = new ForeignProcess(fresh)) {
        holder.run("CREATE TABLE theirs (x)");
        holder.run("BEGIN EXCLUSIVE");

        Throwable error =
            Bounded.start(
                    SqliteDatabase.builder(fresh)
                        .config(
                            config ->
                                config.retryPolicy(
                                    RetryPolicy.ofDefaults().deadline(Duration.ofMillis(200))))
                        .buildAsync())
                .error();

        assertThat(error)
            .isInstanceOfSatisfying(
                DatabaseBusyException.class,
                busy -> assertThat(busy.waited()).isLessThan(Duration.ofSeconds(5)));
      }
    }
  }

  private ReactiveDatabase label(String label) {
    return database.with(OperationOptions.labelled(label));
  }

  private ReactiveDatabase view(String label, RetryPolicy policy) {
    return database.with(OperationOptions.labelled(label).retryPolicy(policy));
  }

  private static Mono<Long> insert(ReactiveDatabase into, String who) {
    return into.update("INSERT INTO item (who) VALUES (?)").bind(1, who).rowsUpdated();
  }

  private static String insertSql(String who) {
    return "INSERT INTO item (who) VALUES ('" + who + "')";
  }

  private List<String> who() {
    return Bounded.get(
        database.query("SELECT who FROM item ORDER BY id").mapTo(String.class).all().collectList());
  }
}
