package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
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
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.WatchedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The writer looks at the head of its queue, takes the lock, and only then takes the group: between
 * the two, the head may change. The clock, which the writer asks in between, is where the test
 * acts.
 *
 * <pre>
 * writer: look at the head ──▶ ask the clock ──▶ BEGIN IMMEDIATE ──▶ take the group
 * test:                            └─ queue something in front
 * </pre>
 */
class HeadOfQueueTest {

  @TempDir Path directory;

  private final SqliteConfig config = SqliteConfig.ofDefaults();
  private final SqlCache sqlCache = new SqlCache();
  private final AtomicReference<Runnable> afterTheLook = new AtomicReference<>();

  private FileGuard guard;
  private ExecutorService thread;
  private EngineConnection connection;
  private WriteLane lane;

  @BeforeEach
  void open() throws Exception {
    guard = FileGuard.claim(directory.resolve("head.db"), config);
    thread = EngineThread.executor("head-writer");
    connection =
        thread
            .submit(
                () ->
                    EngineConnection.open(
                        new ConnectionFactory(guard.file(), config), Role.WRITER, 16, "head"))
            .get(10, TimeUnit.SECONDS);
    lane =
        new WriteLane(
            connection,
            generation -> connection,
            EngineThread.scheduler(thread),
            guard,
            config,
            EngineTimer.of(new WatchedClock(this::actAfterTheLook)),
            new Answers(Schedulers.parallel()),
            new DatabaseMetrics(new SimpleMeterRegistry(), "head"),
            sqlCache,
            () -> {},
            CommitFeed.NOBODY,
            () -> {});
    Bounded.get(count(Lane.INTERACTIVE, "CREATE TABLE item (x)"));
    // After one of the bulk lane, the interactive lane has its turn
    Bounded.get(count(Lane.BULK, "DELETE FROM item"));
    // Its last step asks for the time after the answer was given
    Bounded.until("the writer is idle", lane::isQuiet);
  }

  @AfterEach
  void close() throws Exception {
    try {
      thread.submit(connection::close).get(Bounded.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      thread.shutdown();
      guard.release();
    }
  }

  @Test
  void workBetweenTransactionsThatComesInFrontIsRunAndLosesNobody() {
    AtomicReference<Outcome<String>> exclusive = new AtomicReference<>();
    afterTheLook.set(
        () ->
            exclusive.set(
                Bounded.start(
                    lane.exclusive(settings(Lane.INTERACTIVE), "CHECK", open -> "between"))));

    Outcome<Long> bulk = Bounded.start(count(Lane.BULK, "INSERT INTO item VALUES (1)"));

    assertThat(bulk.value()).isOne();
    assertThat(exclusive.get().value()).isEqualTo("between");
    assertThat(Bounded.get(count(Lane.INTERACTIVE, "DELETE FROM item"))).isOne();
  }

  @Test
  void aTransactionThatComesInFrontIsOpenedAndLosesNobody() {
    AtomicReference<Outcome<OpenTransaction>> transaction = new AtomicReference<>();
    afterTheLook.set(() -> transaction.set(Bounded.start(lane.begin(settings(Lane.INTERACTIVE)))));

    Outcome<Long> bulk = Bounded.start(count(Lane.BULK, "INSERT INTO item VALUES (1)"));
    Bounded.until("the transaction is queued", () -> transaction.get() != null);
    OpenTransaction opened = transaction.get().value();
    assertThat(bulk.isDone()).isFalse();
    Bounded.get(TransactionSteps.commit(opened));

    assertThat(bulk.value()).isOne();
  }

  @Test
  void aHeadThatLeavesMakesNoGroup() {
    AtomicReference<Outcome<Long>> head = new AtomicReference<>();
    afterTheLook.set(() -> head.get().cancel());
    Outcome<Boolean> occupied =
        Bounded.start(
            lane.exclusive(
                settings(Lane.INTERACTIVE),
                "OCCUPY",
                open -> {
                  Bounded.until("the head is queued", () -> head.get() != null);
                  return true;
                }));
    head.set(Bounded.start(count(Lane.INTERACTIVE, "INSERT INTO item VALUES (1)")));
    occupied.value();

    assertThat(Bounded.get(count(Lane.INTERACTIVE, "DELETE FROM item"))).isZero();
    assertThat(afterTheLook.get()).as("it acted").isNull();
  }

  private Mono<Long> count(Lane in, String sql) {
    return lane.count(settings(in), BoundSql.withoutParameters(sqlCache.statement(sql)));
  }

  private OperationSettings settings(Lane in) {
    return OperationSettings.of(OperationOptions.none().lane(in), config);
  }

  /** Acts, on another thread, when the writer asks for the time between two steps. */
  private void actAfterTheLook() {
    Runnable action = isAskedByTheStep() ? afterTheLook.getAndSet(null) : null;
    if (action != null) {
      Thread elsewhere = new Thread(action, "acts-meanwhile");
      elsewhere.start();
      try {
        elsewhere.join(Bounded.PATIENCE.toMillis());
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
  }

  private static boolean isAskedByTheStep() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> frame.getClassName().equals(Writer.class.getName()))
                    .findFirst()
                    .filter(frame -> frame.getMethodName().equals("step"))
                    .isPresent());
  }
}
