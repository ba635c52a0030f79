package io.github.reactivesqlite.sqlite.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The pauses of the policies, in virtual time: which attempt runs when. */
class LockRetryTest {

  private static final LockedException LOCKED = new LockedException(5);

  private VirtualTimeScheduler time;

  /** When each attempt ran, in nanoseconds from the subscription. */
  private final List<Long> attempts = new ArrayList<>();

  private final List<Duration> told = new ArrayList<>();
  private final List<Signal<String>> signals = new ArrayList<>();

  @BeforeEach
  void stopTime() {
    time = VirtualTimeScheduler.create();
  }

  @AfterEach
  void dispose() {
    time.dispose();
  }

  @Nested
  class Steps {

    @Test
    void theDefaultsDoubleFromOneToTenMillisWithAFifthOfJitter() {
      failAlways(RetryPolicy.ofDefaults());
      time.advanceTimeBy(Duration.ofMillis(200));

      double[] ladder = {1, 2, 4, 8, 10, 10, 10, 10, 10, 10, 10, 10};
      assertThat(told.size()).isGreaterThan(ladder.length);
      for (int i = 0; i < ladder.length; i++) {
        assertBetween(i, ladder[i] * 0.8, ladder[i] * 1.2);
      }
      assertThat(signals).as("they never end by themselves").isEmpty();
    }

    @Test
    void jitterIsDrawnForEachPause() {
      failAlways(RetryPolicy.ofDefaults());
      time.advanceTimeBy(Duration.ofSeconds(1));

      assertThat(told.subList(4, 60).stream().distinct().count()).isGreaterThan(20);
    }

    @Test
    void patientHasTenStepsAndThenGivesUp() {
      failAlways(RetryPolicy.patient());
      time.advanceTimeBy(Duration.ofMinutes(1));

      double[] ladder = {50, 100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000};
      assertThat(told).hasSize(10);
      for (int i = 0; i < ladder.length; i++) {
        assertBetween(i, ladder[i], ladder[i] + 50);
      }
      assertThat(attempts).as("the first and ten more").hasSize(11);
      assertThat(signals).singleElement().satisfies(LockRetryTest::isLocked);
    }

    @Test
    void fiveFromOneTenthOfASecond() {
      failAlways(RetryPolicy.retryBackoff(5, Duration.ofMillis(100), Duration.ofSeconds(2)));
      time.advanceTimeBy(Duration.ofMinutes(1));

      double[] ladder = {100, 200, 400, 800, 1600};
      assertThat(told).hasSize(5);
      for (int i = 0; i < ladder.length; i++) {
        assertBetween(i, ladder[i] * 0.8, ladder[i] * 1.2);
      }
      assertThat(signals).singleElement().satisfies(LockRetryTest::isLocked);
    }

    @Test
    void threeFromHalfASecondTimesTwoCappedAtFive() {
      failAlways(
          RetryPolicy.retryBackoff(3, Duration.ofMillis(500), Duration.ofSeconds(5))
              .factor(2)
              .jitter(0));
      time.advanceTimeBy(Duration.ofMinutes(1));

      assertThat(told)
          .containsExactly(
              Duration.ofMillis(500), Duration.ofMillis(1_000), Duration.ofMillis(2_000));
      assertThat(attempts).containsExactly(0L, millis(500), millis(1_500), millis(3_500));
      assertThat(signals).singleElement().satisfies(LockRetryTest::isLocked);
    }

    @Test
    void theCapHoldsHoweverManySteps() {
      failAlways(
          RetryPolicy.retryBackoff(200, Duration.ofMillis(500), Duration.ofSeconds(5)).jitter(0));
      time.advanceTimeBy(Duration.ofMinutes(30));

      assertThat(told).hasSize(200);
      assertThat(told.subList(4, 200)).containsOnly(Duration.ofSeconds(5));
    }

    @Test
    void noneFailsAtOnce() {
      failAlways(RetryPolicy.none());

      assertThat(attempts).containsExactly(0L);
      assertThat(told).isEmpty();
      assertThat(signals).singleElement().satisfies(LockRetryTest::isLocked);
    }

    @Test
    void theDeadlineEndsAPolicyWithoutAnEnd() {
      failAlways(RetryPolicy.ofDefaults().deadline(Duration.ofMillis(300)));
      time.advanceTimeBy(Duration.ofMillis(280));
      assertThat(signals).isEmpty();

      time.advanceTimeBy(Duration.ofMillis(40));

      assertThat(signals).singleElement().satisfies(LockRetryTest::isLocked);
      assertThat(attempts.get(attempts.size() - 1)).isLessThanOrEqualTo(millis(300));
    }
  }

  @Nested
  class Ends {

    @Test
    void aFreedLockEndsTheWaitWithTheNextAttempt() {
      retry(LockRetry.whileLocked(freeAfter(3), exact(), time, told::add));
      time.advanceTimeBy(Duration.ofMillis(29));
      assertThat(signals).isEmpty();

      time.advanceTimeBy(Duration.ofMillis(1));

      assertThat(attempts).containsExactly(0L, millis(10), millis(20), millis(30));
      assertThat(told).hasSize(3);
      assertThat(signals.get(0).get()).isEqualTo("done");
    }

    @Test
    void anotherErrorPassesThroughAtOnce() {
      AtomicInteger runs = new AtomicInteger();
      retry(
          LockRetry.whileLocked(
              Mono.error(
                  () -> runs.incrementAndGet() == 1 ? LOCKED : new IllegalStateException("mine")),
              exact(),
              time,
              told::add));
      time.advanceTimeBy(Duration.ofSeconds(1));

      assertThat(runs).hasValue(2);
      assertThat(signals)
          .singleElement()
          .satisfies(end -> assertThat(end.getThrowable()).hasMessage("mine"));
    }

    @Test
    void afterAFailureElsewhereThePauseComesFirst() {
      retry(LockRetry.afterFirstFailure(LOCKED, freeAfter(1), exact(), time, told::add));
      assertThat(attempts).isEmpty();

      time.advanceTimeBy(Duration.ofMillis(10));
      assertThat(attempts).containsExactly(millis(10));
      time.advanceTimeBy(Duration.ofMillis(10));

      assertThat(attempts).containsExactly(millis(10), millis(20));
      assertThat(signals.get(0).get()).isEqualTo("done");
    }

    @Test
    void aCancelledWaitTriesNoMore() {
      Disposable wait = LockRetry.whileLocked(freeAfter(100), exact(), time, told::add).subscribe();
      time.advanceTimeBy(Duration.ofMillis(15));
      wait.dispose();
      time.advanceTimeBy(Duration.ofSeconds(1));

      assertThat(attempts).hasSize(2);
    }

    @Test
    void eachPauseIsToldBeforeItBegins() {
      failAlways(exact());

      assertThat(told).containsExactly(Duration.ofMillis(10));
      assertThat(attempts).hasSize(1);
    }
  }

  private static RetryPolicy exact() {
    return RetryPolicy.retryBackoff(1_000, Duration.ofMillis(10), Duration.ofMillis(10)).jitter(0);
  }

  private Mono<String> freeAfter(int failures) {
    return Mono.fromCallable(
        () -> {
          attempts.add(now());
          if (attempts.size() <= failures) {
            throw LOCKED;
          }
          return "done";
        });
  }

  private void failAlways(RetryPolicy policy) {
    retry(LockRetry.whileLocked(freeAfter(Integer.MAX_VALUE), policy, time, told::add));
  }

  private void retry(Mono<String> mono) {
    mono.materialize().subscribe(signals::add);
  }

  /** The pause that was told is the pause that passed, and it lies in the range. */
  private void assertBetween(int step, double leastMillis, double mostMillis) {
    double millis = told.get(step).toNanos() / 1e6;
    assertThat(millis).as("step %d", step).isBetween(leastMillis, mostMillis);
    double passed = (attempts.get(step + 1) - attempts.get(step)) / 1e6;
    assertThat(passed).as("step %d as it passed", step).isBetween(millis - 1, millis + 0.001);
  }

  private static void isLocked(Signal<String> end) {
    assertThat(end.getThrowable()).isSameAs(LOCKED);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private long now() {
    return time.now(TimeUnit.NANOSECONDS);
  }
}
