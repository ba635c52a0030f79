package io.github.reactivesqlite.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class ClosedLoopTest {

  private static final Window SHORT = Window.ofMillis(5, 400);

  @Test
  void operationsThatEndWithinSubscribeDoNotFillTheStack() throws Exception {
    Counting work = new Counting(Mono.just(1));
    Outcome outcome = ClosedLoop.run(2, SHORT, work);
    assertThat(outcome.operations()).isPositive().isLessThanOrEqualTo(work.ended.get());
    assertThat(outcome.errors()).isZero();
    assertThat(outcome.seconds()).isEqualTo(0.4);
  }

  @Test
  void noMoreAreInFlightThanAsked() throws Exception {
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Mono<Integer> operation =
        Mono.fromCallable(
                () -> {
                  most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                  return inFlight.decrementAndGet();
                })
            .subscribeOn(Schedulers.parallel());
    Outcome outcome = ClosedLoop.run(3, SHORT, new Counting(operation));
    assertThat(outcome.operations()).isPositive();
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void errorsAreCountedAndTheFirstIsKept() throws Exception {
    Outcome outcome =
        ClosedLoop.run(1, SHORT, new Counting(Mono.error(() -> new IllegalStateException("why"))));
    assertThat(outcome.operations()).isZero();
    assertThat(outcome.errors()).isPositive();
    assertThat(outcome.firstError()).isEqualTo("IllegalStateException: why");
  }

  @Test
  void aWrongAnswerIsAnError() throws Exception {
    Outcome outcome = ClosedLoop.run(1, SHORT, new Counting(Mono.empty()));
    assertThat(outcome.operations()).isZero();
    assertThat(outcome.firstError()).isEqualTo("wrong answer");
  }

  /** Right is whatever has an element. */
  private static final class Counting implements Work {

    private final Publisher<?> operation;
    private final AtomicLong ended = new AtomicLong();

    Counting(Publisher<?> operation) {
      this.operation = operation;
    }

    @Override
    public Publisher<?> operation(long number) {
      return operation;
    }

    @Override
    public boolean acknowledged(long number, @Nullable Object last) {
      ended.incrementAndGet();
      return last != null;
    }
  }
}
