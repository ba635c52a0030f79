package io.github.reactivesqlite.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

class OpenLoopTest {

  @Test
  void aStallIsFeltByAllThatShouldHaveRunInIt() throws Exception {
    Mono<Integer> stall =
        Mono.fromCallable(
            () -> {
              long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(80);
              for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
              }
              return 0;
            });
    Outcome outcome =
        OpenLoop.run(1_000, Window.ofMillis(0, 100), work(number -> number == 0 ? stall : ok()));
    assertThat(outcome.latency().count()).isEqualTo(100);
    assertThat(outcome.latency().max()).isGreaterThanOrEqualTo(80);
    // Timed from their actual start, all but one would have taken no time at all
    assertThat(outcome.latency().p50()).isGreaterThan(10);
  }

  @Test
  void theRateIsKeptWhetherOrNotOperationsEnd() throws Exception {
    Outcome outcome = OpenLoop.run(500, Window.ofMillis(0, 60), work(number -> ok()));
    assertThat(outcome.latency().count()).isEqualTo(30);
    assertThat(outcome.errors()).isZero();
  }

  @Test
  void itEndsEarlyWhenTold() throws Exception {
    int[] asked = new int[1];
    Outcome outcome =
        OpenLoop.run(
            1_000, Window.ofMillis(0, 60_000), () -> asked[0]++ == 5, work(number -> ok()));
    assertThat(outcome.latency().count()).isEqualTo(5);
    assertThat(outcome.seconds()).isLessThan(30);
  }

  private static Publisher<Integer> ok() {
    return Mono.just(1);
  }

  private static Work work(LongFunction<Publisher<?>> operations) {
    return new Work() {
      @Override
      public Publisher<?> operation(long number) {
        return operations.apply(number);
      }

      @Override
      public boolean acknowledged(long number, @Nullable Object last) {
        return true;
      }
    };
  }
}
