package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A COMMIT that does not come back, in virtual time; SlowDiskTest has a disk that hangs. */
class CommitTimeoutTest {

  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(30);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final SqliteConfig config =
      SqliteConfig.builder().commitTimeout(COMMIT_TIMEOUT).holdWarning(Duration.ZERO).build();
  private final EngineTimer timer = EngineTimer.of(time);
  private final DatabaseMetrics metrics = DatabaseMetrics.unpublished("commit");
  private final WriterServices services =
      new WriterServices(
          new WriteQueue(timer, config),
          timer,
          new Answers(Schedulers.immediate()),
          metrics,
          new LockLog(config.slowOperation()),
          new SqlCache(),
          WriterLimits.of(config));
  private final HoldWatch watch = new HoldWatch(services);
  private final Signals signals = new Signals();
  private final StatementWrite.Count unit = write(signals);

  private StatementWrite.Count write(Signals answers) {
    return new StatementWrite.Count(
        answers,
        services,
        OperationSettings.of(OperationOptions.none(), config),
        BoundSql.withoutParameters(SqlStatement.parse("DELETE FROM t")));
  }

  private void commitStarts() {
    unit.request(1);
    assertThat(unit.beginRunning()).isTrue();
    unit.succeed(1L);
    watch.commitStarted(List.of(unit), timer.nanoTime());
  }

  @Test
  void commitThatDoesNotComeBackIsAnsweredAsUnknown() {
    commitStarts();

    time.advanceTimeBy(COMMIT_TIMEOUT.dividedBy(2));
    assertThat(signals.seen).isEmpty();
    time.advanceTimeBy(COMMIT_TIMEOUT);

    assertThat(signals.seen).hasSize(1);
    assertThat(signals.seen.get(0)).isInstanceOf(CommitOutcomeUnknownException.class);
  }

  @Test
  void commitThatComesBackInTimeIsNotTouched() {
    commitStarts();
    time.advanceTimeBy(COMMIT_TIMEOUT.minusSeconds(1));
    watch.commitEnded();
    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(3));

    unit.run();

    assertThat(signals.seen).containsExactly(1L, "complete");
  }

  @Test
  void unitAnsweredAsUnknownIsNeverRunAgain() {
    commitStarts();
    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(2));
    assertThat(signals.seen).hasSize(1);

    assertThat(unit.returnToQueue()).isFalse();
    assertThat(unit.beginRunning()).isFalse();
  }

  @Test
  void commitOfAMigrationThatDoesNotComeBackIsAnsweredToo() {
    ExclusiveWrite<Long> migration =
        new ExclusiveWrite<>(
            signals,
            services,
            OperationSettings.of(OperationOptions.none(), config),
            "MIGRATE",
            false,
            (connection, commit) -> 1L);
    migration.request(1);
    assertThat(migration.beginRunning()).isTrue();
    watch.unitStarted(migration, timer.nanoTime());
    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(2));
    assertThat(signals.seen).isEmpty();

    watch.commitStarted(List.of(migration), timer.nanoTime());
    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(2));

    assertThat(signals.seen).hasSize(1);
    assertThat(signals.seen.get(0)).isInstanceOf(CommitOutcomeUnknownException.class);
  }

  @Test
  void oneThatHadFailedBeforeGetsItsOwnErrorThen() {
    unit.request(1);
    assertThat(unit.beginRunning()).isTrue();
    IllegalStateException own = new IllegalStateException("own");
    unit.failWith(own);
    watch.commitStarted(List.of(unit), timer.nanoTime());

    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(2));

    assertThat(signals.seen).containsExactly(own);
    assertThat(unit.returnToQueue()).isFalse();
  }

  /** The COMMIT comes back when the timer has answered the first unit of two. */
  @Test
  void unitThatIsAboutToBeAnsweredIsNotRunAgain() {
    Signals others = new Signals();
    StatementWrite.Count second = write(others);
    for (StatementWrite.Count each : List.of(unit, second)) {
      each.request(1);
      assertThat(each.beginRunning()).isTrue();
      each.succeed(1L);
    }
    watch.commitStarted(List.of(unit, second), timer.nanoTime());
    List<Boolean> again = new ArrayList<>();
    signals.beforeEach =
        () -> {
          watch.commitEnded();
          again.add(second.returnToQueue());
        };

    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(2));

    assertThat(again).containsExactly(false);
    assertThat(others.seen).hasSize(1);
    assertThat(others.seen.get(0)).isInstanceOf(CommitOutcomeUnknownException.class);
  }

  @Test
  void theNextCommitIsWatchedToo() {
    commitStarts();
    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(2));
    watch.commitEnded();
    Signals others = new Signals();
    StatementWrite.Count next = write(others);
    next.request(1);
    assertThat(next.beginRunning()).isTrue();
    watch.commitStarted(List.of(next), timer.nanoTime());

    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(2));

    assertThat(others.seen).hasSize(1);
    assertThat(others.seen.get(0)).isInstanceOf(CommitOutcomeUnknownException.class);
  }

  @Test
  void lateOutcomeIsNotCountedAsACancel() {
    commitStarts();
    time.advanceTimeBy(COMMIT_TIMEOUT.multipliedBy(2));

    unit.run();

    assertThat(signals.seen).hasSize(1);
    assertThat(metrics.stats().writes().cancelledAfterCommit()).isZero();
  }

  private static final class Signals implements CoreSubscriber<Long> {
    private final List<Object> seen = new ArrayList<>();
    private Runnable beforeEach = () -> {};

    @Override
    public void onSubscribe(Subscription subscription) {}

    @Override
    public void onNext(Long value) {
      seen.add(value);
    }

    @Override
    public void onError(Throwable error) {
      beforeEach.run();
      seen.add(error);
    }

    @Override
    public void onComplete() {
      seen.add("complete");
    }
  }
}
