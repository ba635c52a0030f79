package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.support.LogLines;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How long the writer was held, in virtual time; SlowDiskTest has a disk that takes long. */
class HoldWatchTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final EngineTimer timer = EngineTimer.of(time);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SqliteConfig config =
      SqliteConfig.builder().holdWarning(Duration.ofSeconds(1)).build();
  private final WriterServices services =
      new WriterServices(
          new WriteQueue(timer, config),
          timer,
          new Answers(Schedulers.immediate()),
          new DatabaseMetrics(registry, "held"),
          new LockLog(config.slowOperation()),
          new SqlCache(),
          WriterLimits.of(config));
  private final HoldWatch watch = new HoldWatch(services);
  private final OperationSettings settings =
      OperationSettings.of(OperationOptions.none().label("report"), config);

  private void pass(long millis) {
    time.advanceTimeBy(Duration.ofMillis(millis));
  }

  private void commitTakes(long millis) {
    watch.pauseHold(timer.nanoTime());
    pass(millis);
    watch.resumeHold(timer.nanoTime());
  }

  private ExclusiveWrite<Long> exclusive() {
    return new ExclusiveWrite<>(
        new BaseSubscriber<>() {},
        services,
        settings,
        "MIGRATE",
        false,
        (connection, commit) -> 1L);
  }

  private Timer holds() {
    return registry.get(MeterNames.WRITER_HOLD).timer();
  }

  @Test
  void transactionIsHeldWithoutItsCommit() {
    TransactionBegin begin = new TransactionBegin(new BaseSubscriber<>() {}, services, settings);

    watch.transactionStarted(begin, timer.nanoTime());
    pass(30);
    commitTakes(200);
    pass(5);
    watch.transactionEnded(timer.nanoTime());

    assertThat(holds().count()).isEqualTo(1);
    assertThat(holds().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(35);
  }

  /** Nobody could mend it by moving work out of the transaction. */
  @Test
  void longCommitIsNotWarnedOfAsALongHold() {
    TransactionBegin begin = new TransactionBegin(new BaseSubscriber<>() {}, services, settings);
    try (LogLines log = new LogLines("io.github.reactivesqlite.holds")) {
      watch.transactionStarted(begin, timer.nanoTime());
      pass(400);
      commitTakes(5_000);
      pass(300);
      watch.transactionEnded(timer.nanoTime());
      assertThat(log.linesWith("holds the writer")).isEmpty();

      watch.transactionStarted(begin, timer.nanoTime());
      pass(2_000);
      assertThat(log.linesWith("report holds the writer")).hasSize(1);
    }
  }

  /** Between the units of a group and their answers there is a COMMIT of them all. */
  @Test
  void commitOfAGroupIsNoHoldOfTheNextUnit() {
    ExclusiveWrite<Long> unit = exclusive();

    commitTakes(200);
    watch.unitStarted(unit, timer.nanoTime());
    pass(10);
    watch.unitEnded(unit, timer.nanoTime());

    assertThat(holds().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(10);
  }

  @Test
  void exclusiveWorkIsHeldWithoutAnyOfItsCommits() {
    ExclusiveWrite<Long> migration = exclusive();

    watch.unitStarted(migration, timer.nanoTime());
    pass(30);
    commitTakes(200);
    pass(40);
    commitTakes(300);
    watch.unitEnded(migration, timer.nanoTime());

    assertThat(holds().count()).isEqualTo(1);
    assertThat(holds().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(70);
  }
}
