package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.ConnectionFactory;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.Role;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.WatchedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The writer dies at every place where it asks for the time, which is at every of its steps: its
 * callers are answered, its connection is replaced, and it goes on.
 */
@Tag("reliability")
class WriterRecoveryTest {

  private static final int LEAST_PLACES = 30;
  private static final int MOST_PLACES = 500;
  private static final int NEVER = Integer.MAX_VALUE;
  private static final String HOOK = "refuses";

  @TempDir Path directory;

  private final SqliteConfig config = SqliteConfig.ofDefaults();
  private final SqlCache sqlCache = new SqlCache();
  private final AtomicInteger countdown = new AtomicInteger(NEVER);
  private final AtomicInteger deaths = new AtomicInteger();
  private final AtomicInteger generations = new AtomicInteger(1);
  private final AtomicInteger refusedTimers = new AtomicInteger();
  private volatile boolean timersFailOnTheWriter;
  private volatile boolean onlyAtCommit;
  private FileGuard guard;
  private ConnectionFactory factory;
  private ExecutorService thread;
  private WriteLane lane;

  @BeforeEach
  void open() throws Exception {
    guard = FileGuard.claim(directory.resolve("dying.db"), config);
    factory = new ConnectionFactory(guard.file(), config);
    thread = EngineThread.executor("dying-writer");
    EngineConnection first =
        thread
            .submit(() -> openConnection(1))
            .get(Bounded.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    lane =
        new WriteLane(
            first,
            generation -> {
              generations.set(generation);
              return openConnection(generation);
            },
            EngineThread.scheduler(thread),
            guard,
            config,
            EngineTimer.of(new MortalClock()),
            new Answers(Schedulers.parallel()),
            new DatabaseMetrics(new SimpleMeterRegistry(), "dying"),
            sqlCache,
            () -> {},
            CommitFeed.NOBODY,
            () -> {});
    Bounded.get(count("CREATE TABLE item (who TEXT, half INTEGER)"));
  }

  private EngineConnection openConnection(int generation) {
    return EngineConnection.open(factory, Role.WRITER, 16, "dying-writer#" + generation);
  }

  @AfterEach
  void close() throws Exception {
    countdown.set(NEVER);
    try {
      thread
          .submit(() -> lane.closeConnection(connection -> {}))
          .get(Bounded.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      thread.shutdown();
      guard.release();
    }
  }

  @Test
  void whereverItDiesEverybodyIsAnsweredWithTheTruthAndTheNextWriteSucceeds() {
    int place = 0;
    boolean died = true;
    while (died && place < MOST_PLACES) {
      place++;
      String round = "round " + place;
      Map<String, Outcome<?>> answers = new LinkedHashMap<>();
      CountDownLatch occupying = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      Outcome<Boolean> occupied = Bounded.start(occupy(occupying, goOn));
      // From here on to the end of its wait the writer asks for no time
      Bounded.await(occupying);
      answers.put(round + " single", Bounded.start(insert(round + " single")));
      answers.put(round + " unit", Bounded.start(unit(round + " unit")));
      answers.put(round + " transaction", Bounded.start(transaction(round + " transaction")));
      answers.put(round + " last", Bounded.start(insert(round + " last")));
      int before = deaths.get();
      countdown.set(place);
      goOn.countDown();
      occupied.get();
      answers.values().forEach(Outcome::get);
      countdown.set(NEVER);
      died = deaths.get() > before;

      Boolean leftOpen =
          Bounded.get(lane.exclusive(settings(), "STATE", EngineConnection::isInTransaction));
      assertThat(leftOpen).as("the next work finds a transaction of one that died").isFalse();
      assertThat(Bounded.get(insert(round + " after"))).as("the next write").isOne();
      answers.forEach(this::verifyTruth);
    }
    System.out.printf(
        "%d deaths of the writer, all callers answered, %d connections opened%n",
        deaths.get(), generations.get());
    assertThat(deaths).as("places, all of them").hasValueBetween(LEAST_PLACES, MOST_PLACES - 1);
    assertThat(generations).hasValueGreaterThan(deaths.get() / 2);
  }

  /** No later write comes that would take an answer along. */
  @ParameterizedTest
  @ValueSource(strings = {"single", "unit", "transaction"})
  void whereverItDiesAWriteThatIsAloneIsAnsweredWithTheTruth(String way) {
    int place = 0;
    boolean died = true;
    while (died && place < MOST_PLACES) {
      place++;
      String who = way + " " + place;
      int before = deaths.get();
      countdown.set(place);
      Outcome<?> alone = Bounded.start(way(way, who));
      alone.get();
      countdown.set(NEVER);
      died = deaths.get() > before;
      verifyTruth(who, alone);
    }
    assertThat(deaths).as("places, all of them").hasValueBetween(4, MOST_PLACES - 1);
  }

  /** The watch over units and over COMMIT is timed on the writer's thread. */
  @Test
  void aWatchThatCannotBeTimedCostsNoWrite() {
    timersFailOnTheWriter = true;

    // Not before the watch that began with the first write has come to its end
    Bounded.until(
        "the watch was tried again and again",
        () -> {
          assertThat(Bounded.get(insert("unwatched"))).isOne();
          assertThat(Bounded.get(unit("unwatched"))).isEqualTo(2);
          return refusedTimers.get() > 3;
        });
    assertThat(generations).hasValue(1);
  }

  @Test
  void anErrorThatNobodyKnowsAtCommitLeavesNoTransactionOpen() {
    onlyAtCommit = true;
    for (int place = 1; place <= 2; place++) {
      for (String way : List.of("single", "unit", "transaction")) {
        String who = way + " " + place;
        countdown.set(place);
        Outcome<?> answer = Bounded.start(way(way, who));

        assertThat(answer.error()).as(who).isInstanceOf(CommitOutcomeUnknownException.class);
        Boolean leftOpen =
            Bounded.get(lane.exclusive(settings(), "STATE", EngineConnection::isInTransaction));
        assertThat(leftOpen).as("the next work finds the transaction of " + who).isFalse();
        verifyTruth(who, answer);
      }
    }
    assertThat(deaths).hasValue(6);
  }

  private Mono<?> way(String way, String who) {
    return switch (way) {
      case "single" -> insert(who);
      case "unit" -> unit(who);
      default -> transaction(who);
    };
  }

  /** Neither the result scheduler nor the one that stands in for it takes the answer. */
  @Test
  void anErrorWhileACommitIsAnsweredMakesNoFailureOfIt() {
    AtomicInteger scheduled = new AtomicInteger();
    Mono<String> transaction =
        lane.begin(settings())
            .flatMap(
                open ->
                    TransactionSteps.count(open, bound("INSERT INTO item VALUES ('late', 1)"))
                        .doOnNext(rows -> refuseAnswersAfterTheFirst(scheduled))
                        .then(TransactionSteps.commit(open))
                        .thenReturn("committed"));
    try {
      assertThat(Bounded.get(transaction)).isEqualTo("committed");
    } finally {
      Schedulers.resetOnScheduleHook(HOOK);
    }
    assertThat(scheduled).as("both were asked, and once more").hasValueGreaterThan(3);
    assertThat(halvesOf("late")).isOne();
    assertThat(Bounded.get(insert("after"))).isOne();
  }

  /** The writer's first task is the watch over the COMMIT; the next two carry its answer. */
  private static void refuseAnswersAfterTheFirst(AtomicInteger scheduled) {
    Schedulers.onScheduleHook(
        HOOK,
        task -> {
          if (EngineThread.isCurrent()) {
            int number = scheduled.incrementAndGet();
            if (number == 2 || number == 3) {
              throw new OutOfMemoryError("provoked");
            }
          }
          return task;
        });
  }

  private void verifyTruth(String who, Outcome<?> answer) {
    int halves = halvesOf(who);
    if (answer.get().hasValue()) {
      assertThat(halves).as(who + " succeeded").isEqualTo(2);
    } else if (answer.error() instanceof CommitOutcomeUnknownException) {
      assertThat(halves).as(who + " is unknown, but never half").isIn(0, 2);
    } else {
      assertThat(halves).as(who + " failed with " + answer.error()).isZero();
    }
  }

  private int halvesOf(String who) {
    Long rows =
        Bounded.get(
            lane.exclusive(
                settings(),
                "COUNT",
                connection ->
                    connection.longValue("SELECT count(*) FROM item WHERE who = '" + who + "'")));
    return rows == null ? -1 : rows.intValue();
  }

  private Mono<Boolean> occupy(CountDownLatch occupying, CountDownLatch goOn) {
    return lane.exclusive(
        settings(),
        "OCCUPY",
        connection -> {
          occupying.countDown();
          Bounded.await(goOn);
          return true;
        });
  }

  private Mono<Long> insert(String who) {
    return count("INSERT INTO item VALUES ('" + who + "', 1), ('" + who + "', 2)")
        .map(rows -> rows / 2);
  }

  private Mono<Integer> unit(String who) {
    return lane.closure(
        settings(),
        new UnitOfTwo(
            List.of(
                "INSERT INTO item VALUES ('" + who + "', 1)",
                "INSERT INTO item VALUES ('" + who + "', 2)")));
  }

  private Mono<String> transaction(String who) {
    return lane.begin(settings())
        .flatMap(
            open ->
                TransactionSteps.count(open, bound("INSERT INTO item VALUES ('" + who + "', 1)"))
                    .then(
                        TransactionSteps.count(
                            open, bound("INSERT INTO item VALUES ('" + who + "', 2)")))
                    .onErrorResume(
                        failed -> TransactionSteps.rollback(open).then(Mono.error(failed)))
                    .then(TransactionSteps.commit(open))
                    .thenReturn("committed"));
  }

  private Mono<Long> count(String sql) {
    return lane.count(settings(), bound(sql));
  }

  private BoundSql bound(String sql) {
    return BoundSql.withoutParameters(sqlCache.statement(sql));
  }

  private OperationSettings settings() {
    return OperationSettings.of(OperationOptions.none().lane(Lane.INTERACTIVE), config);
  }

  /** Two statements that belong together. */
  private record UnitOfTwo(List<String> statements) implements ClosureBody<Integer> {
    @Override
    public Integer run(ConnectionSession session) {
      for (String sql : statements) {
        session.update(sql).execute();
      }
      return statements.size();
    }

    @Override
    public String operation() {
      return "WRITE";
    }
  }

  /** Throws on the writer's thread, once, when the countdown ends. */
  private final class MortalClock extends WatchedClock {

    MortalClock() {
      super(WriterRecoveryTest.this::dieWhenDue);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      if (timersFailOnTheWriter && EngineThread.isCurrent()) {
        refusedTimers.incrementAndGet();
        throw new OutOfMemoryError("provoked");
      }
      return super.schedule(task, delay, unit);
    }
  }

  private void dieWhenDue() {
    if (EngineThread.isCurrent()
        && countdown.get() != NEVER
        && (!onlyAtCommit || WatchedClock.isAskedBy(CommitSteps.class))
        && countdown.decrementAndGet() == 0) {
      countdown.set(NEVER);
      deaths.incrementAndGet();
      throw new StackOverflowError("provoked");
    }
  }
}
