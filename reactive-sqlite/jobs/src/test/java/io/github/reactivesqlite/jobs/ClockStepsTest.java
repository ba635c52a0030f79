package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.DatabaseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The wall clock goes ahead by a year and back, and nobody looks at it in between. */
class ClockStepsTest {

  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  @Nested
  class BetweenTwoLooks extends JobsFixture {

    private JobTester tester;

    @BeforeEach
    void look() {
      tester = JobTester.on(db);
      runsNothing();
    }

    @AfterEach
    void closeTester() {
      tester.close();
    }

    private void runsNothing() {
      assertThat(Bounded.get(tester.runNext())).isNull();
    }

    private void isDueAfterThePause() {
      runsNothing();
      tester.advance(PAUSE);
      assertThat(Bounded.get(tester.runNext()).state()).isEqualTo(JobState.COMPLETED);
    }

    private void failsOnceWhileTheClockIsAhead() {
      tester.handle(
          TEXT.backoff(Backoff.fixed(PAUSE)),
          job -> {
            if (job.attempt() > 1) {
              return Mono.empty();
            }
            tester.advance(YEAR);
            return Mono.error(new IllegalStateException("not yet"));
          });
      enqueue("x");
      assertThat(Bounded.get(tester.runNext()).state()).isEqualTo(JobState.RETRYABLE);
      tester.advance(YEAR.negated());
    }

    @Test
    void aRetryIsNotHeldUp() {
      failsOnceWhileTheClockIsAhead();
      isDueAfterThePause();
    }

    @Test
    void aSnoozeIsNotHeldUp() {
      AtomicInteger calls = new AtomicInteger();
      tester.handle(
          TEXT,
          job -> {
            if (calls.getAndIncrement() > 0) {
              return Mono.empty();
            }
            tester.advance(YEAR);
            return job.snooze(PAUSE);
          });
      enqueue("x");
      assertThat(Bounded.get(tester.runNext()).state()).isEqualTo(JobState.SCHEDULED);
      tester.advance(YEAR.negated());

      isDueAfterThePause();
    }

    @Test
    void aDelayIsNotHeldUp() {
      tester.handle(TEXT, job -> Mono.empty());
      tester.advance(YEAR);
      Bounded.get(tester.jobs().enqueue(TEXT.job("x").delay(PAUSE)));
      tester.advance(YEAR.negated());

      isDueAfterThePause();
    }

    @Test
    void aDelayOfTheCallersUnitOrTransactionIsNotHeldUp() {
      tester.handle(TEXT, job -> Mono.empty());
      tester.advance(YEAR);
      Bounded.get(db.write(session -> tester.jobs().enqueue(session, TEXT.job("x").delay(PAUSE))));
      tester.advance(YEAR.negated());
      isDueAfterThePause();

      tester.advance(YEAR);
      Bounded.get(db.withTransaction(tx -> tester.jobs().enqueue(tx, TEXT.job("y").delay(PAUSE))));
      tester.advance(YEAR.negated());
      isDueAfterThePause();
    }

    @Test
    void whatCouldNotBeShortenedIsShortenedAtTheNextLook() {
      failsOnceWhileTheClockIsAhead();
      Bounded.get(
          db.script(
                  "CREATE TRIGGER refuse BEFORE UPDATE OF run_at ON jobs_job"
                      + " BEGIN SELECT RAISE(ABORT, 'no'); END")
              .thenReturn(1));
      assertThatThrownBy(() -> Bounded.get(tester.runNext())).isInstanceOf(DatabaseException.class);
      Bounded.get(db.script("DROP TRIGGER refuse").thenReturn(1));

      isDueAfterThePause();
    }
  }

  @Nested
  class BeforeTheOutcomeIsWritten extends JobsFixture {

    private final MovedClock clock = new MovedClock();

    @Override
    JobsOptions options() {
      return JobsOptions.defaults().clock(clock).pollInterval(Duration.ofHours(3));
    }

    /**
     *
     *
     * <pre>
     * clock    a year ahead ──────────────────────────── back
     * attempt               fails, its retry is counted
     * writer   is busy ──────────────────────────────────────── writes the outcome
     * </pre>
     */
    @Test
    void aRetryIsNotHeldUp() {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch fail = new CountDownLatch(1);
      work(
          job ->
              job.payload().equals("first") || job.attempt() > 1
                  ? Mono.empty()
                  : Mono.fromRunnable(
                      () -> {
                        running.countDown();
                        Bounded.await(fail);
                        throw new IllegalStateException("not yet");
                      }));
      untilState(enqueue("first"), JobState.COMPLETED);
      Bounded.until("written", () -> jobs.engine().acknowledgements().unwritten() == 0);
      long id = enqueue("x");
      Bounded.await(running);
      BusyWriter busy = new BusyWriter(db);
      clock.move(YEAR);
      fail.countDown();
      Bounded.until("it failed", () -> jobs.engine().acknowledgements().unwritten() == 1);
      clock.move(Duration.ZERO);
      busy.letGo();

      untilState(id, JobState.COMPLETED);
      assertThat(info(id).attempt()).isEqualTo(2);
    }
  }
}
