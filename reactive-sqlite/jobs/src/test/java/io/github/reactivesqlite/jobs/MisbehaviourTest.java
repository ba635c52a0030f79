package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What one job, handler or row does wrong is not the end of the others. */
class MisbehaviourTest extends JobsFixture {

  // A thread that is blocked is nobody else's
  private static final Scheduler TIMERS =
      Schedulers.newBoundedElastic(64, 100_000, "timers", 60, true);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Override
  JobsOptions options() {
    return JobsOptions.defaults().meterRegistry(registry).scheduler(TIMERS);
  }

  @AfterAll
  static void stopTimers() {
    TIMERS.dispose();
  }

  private static int recursion(int depth) {
    return depth < 0 ? depth : recursion(depth + 1) + 1;
  }

  @ParameterizedTest
  @ValueSource(strings = {"thrown", "recursion", "recursion inside", "link", "link inside", "null"})
  void whatAHandlerThrowsIsTheFailureOfItsJobAlone(String what) {
    start(
        workers(
                job ->
                    switch (job.payload()) {
                      case "thrown" -> throw new IllegalStateException("thrown");
                      case "recursion" -> Mono.just(recursion(0)).then();
                      case "recursion inside" -> Mono.fromRunnable(() -> recursion(0));
                      case "link" -> throw new NoClassDefFoundError("gone");
                      case "link inside" ->
                          Mono.fromRunnable(
                              () -> {
                                throw new NoClassDefFoundError("gone");
                              });
                      case "null" -> null;
                      default -> Mono.empty();
                    })
            .concurrency(1));
    long bad = enqueue(TEXT.job(what).maxAttempts(2));
    untilState(bad, JobState.DISCARDED);
    assertThat(info(bad).attempt()).isEqualTo(2);

    untilState(enqueue("good"), JobState.COMPLETED);
  }

  @Test
  void aRegistryThatRefusesMetersIsNotHeard() {
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public MeterFilterReply accept(Meter.Id id) {
                throw new IllegalArgumentException("refused " + id);
              }
            });
    work(job -> Mono.empty());
    Bounded.get(db.script("ALTER TABLE jobs_pause RENAME TO gone").thenReturn(1));
    long id = enqueue("x");
    Bounded.get(Mono.delay(Duration.ofMillis(120)));
    Bounded.get(db.script("ALTER TABLE gone RENAME TO jobs_pause").thenReturn(1));
    untilState(id, JobState.COMPLETED);
  }

  /** A row that refuses its outcome is in one statement with those of others. */
  @Test
  void anOutcomeThatIsRefusedHoldsUpNoOther() {
    Bounded.get(
        db.script(
                "CREATE TRIGGER refuse BEFORE UPDATE ON jobs_job"
                    + " WHEN NEW.state = 'completed' AND NEW.payload LIKE 'bad%'"
                    + " BEGIN SELECT RAISE(ABORT, 'no'); END")
            .thenReturn(1));
    List<Enqueued> added =
        Bounded.get(
            jobs.enqueueAll(
                IntStream.range(0, 100)
                    .mapToObj(n -> TEXT.job(n % 10 == 3 ? "bad" + n : "good" + n))
                    .toList()));
    start(workers(job -> Mono.empty()).concurrency(100));
    for (int n = 0; n < added.size(); n++) {
      if (n % 10 != 3) {
        untilState(added.get(n).id(), JobState.COMPLETED);
      }
    }
    assertThat(Bounded.get(jobs.queue().counts())).containsEntry(JobState.RUNNING, 10L);
    long later = enqueue("later");
    untilState(later, JobState.COMPLETED);

    Bounded.get(db.script("DROP TRIGGER refuse").thenReturn(1));
    added.forEach(job -> untilState(job.id(), JobState.COMPLETED));
  }

  /** The other queue's outcome cannot be written, and waits until its lease has run out. */
  @Test
  void aStopDoesNotWaitForTheOutcomesOfOthers() {
    Bounded.get(
        db.script(
                "CREATE TRIGGER refuse BEFORE UPDATE ON jobs_job"
                    + " WHEN NEW.state = 'completed' AND NEW.queue = 'refused'"
                    + " BEGIN SELECT RAISE(ABORT, 'no'); END")
            .thenReturn(1));
    start(jobs.queue("refused").workers().handle(TEXT, job -> Mono.empty()));
    Workers stopped = workers(job -> Mono.empty()).start();
    long waits = enqueue(TEXT.job("x").queue("refused"));
    Bounded.until("it waits", () -> jobs.engine().acknowledgements().unwritten() == 1);

    stopped.stop().block(Bounded.LIMIT);
    assertThat(jobs.engine().acknowledgements().unwritten()).isEqualTo(1);
    Bounded.get(db.script("DROP TRIGGER refuse").thenReturn(1));
    untilState(waits, JobState.COMPLETED);
  }

  @Test
  void halfACharacterInAnErrorIsStoredAsAQuestionMark() {
    work(job -> Mono.error(new IllegalStateException("half \ud83d")));
    long id = enqueue(TEXT.job("x").maxAttempts(1));
    untilState(id, JobState.DISCARDED);
    assertThat(info(id).error()).endsWith("half ?");
  }

  /** More handlers go on after a report than outcomes are written at once. */
  @Test
  void aHandlerThatBlocksAfterAReportHoldsUpNoOutcome() {
    CountDownLatch blocked = new CountDownLatch(8);
    CountDownLatch goOn = new CountDownLatch(1);
    start(
        workers(
                job ->
                    job.payload().equals("quick")
                        ? Mono.empty()
                        : job.progress(0.5, null)
                            .then(
                                Mono.fromRunnable(
                                    () -> {
                                      blocked.countDown();
                                      Bounded.await(goOn);
                                    })))
            .concurrency(9));
    List<Enqueued> slow =
        Bounded.get(
            jobs.enqueueAll(IntStream.range(0, 8).mapToObj(n -> TEXT.job("slow" + n)).toList()));
    Bounded.await(blocked);
    untilState(enqueue("quick"), JobState.COMPLETED);
    goOn.countDown();
    slow.forEach(job -> untilState(job.id(), JobState.COMPLETED));
  }

  /** The handler has ended when its unit fails. */
  @Test
  void aUnitThatNobodyWaitsForIsAFailureAllTheSame() {
    AtomicReference<Workers> workers = new AtomicReference<>();
    workers.set(
        work(
            job -> {
              Disposable unawaited =
                  job.completeWith(
                          session -> {
                            Bounded.until("handler over", () -> workers.get().running() == 0);
                            throw new IllegalStateException("unit failed");
                          })
                      .subscribe(done -> {}, error -> {});
              assertThat(unawaited.isDisposed()).isFalse();
              return Mono.empty();
            }));
    long id = enqueue(TEXT.job("x").maxAttempts(1));
    untilState(id, JobState.DISCARDED);
    assertThat(info(id).error()).contains("unit failed");
  }

  /**
   *
   *
   * <pre>
   * writer   is busy ──────────── group: the pause's row │ a unit that waits ── COMMIT
   * test              pausedWhile, unit                         cancel
   * </pre>
   */
  @Test
  void aPauseThatIsCancelledWhileItIsWrittenIsReleased() {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch firstRuns = new CountDownLatch(1);
    CountDownLatch secondRuns = new CountDownLatch(1);
    var busy = db.write(session -> waits(firstRuns, first)).toFuture();
    Bounded.await(firstRuns);
    Disposable paused = jobs.queue().pausedWhile(Mono.never()).subscribe();
    var behind = db.write(session -> waits(secondRuns, second)).toFuture();
    first.countDown();
    Bounded.await(secondRuns);
    paused.dispose();
    second.countDown();
    assertThat(Bounded.get(Mono.fromFuture(busy))).isEqualTo(1);
    assertThat(Bounded.get(Mono.fromFuture(behind))).isEqualTo(1);

    Bounded.until("released", () -> !Bounded.get(jobs.queue().isPaused()));
  }

  private static int waits(CountDownLatch running, CountDownLatch goOn) {
    running.countDown();
    Bounded.await(goOn);
    return 1;
  }

  @Test
  void outcomesOfClosedJobsAreRefusedAndNotForgotten() {
    enqueue("x");
    Jobs other = another(options());
    ClaimedJob job = Claiming.one(other, "text");
    other.close();
    assertThatThrownBy(
            () ->
                Bounded.get(
                    other
                        .engine()
                        .acknowledgements()
                        .submit(job.lease(), Outcome.COMPLETED)
                        .thenReturn(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
