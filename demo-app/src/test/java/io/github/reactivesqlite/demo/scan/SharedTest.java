package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class SharedTest {

  private static final int ROUNDS = 5_000;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<Sinks.Many<Integer>> sources = new ArrayList<>();
  private final List<Integer> heard = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();

  private Flux<Integer> source() {
    return Flux.defer(
        () -> {
          Sinks.Many<Integer> source = Sinks.many().unicast().onBackpressureBuffer();
          sources.add(source);
          return source.asFlux();
        });
  }

  private Disposable listen(Flux<Integer> shared) {
    return shared.subscribe(heard::add, errors::add);
  }

  @Test
  void whoComesLaterBeginsWithTheLatest() {
    Flux<Integer> shared = Shared.latest(source());
    listen(shared);
    sources.get(0).tryEmitNext(1);
    sources.get(0).tryEmitNext(2);
    heard.clear();

    listen(shared);

    assertThat(heard).containsExactly(2);
    assertThat(sources).hasSize(1);
  }

  @Test
  void sourceIsLeftWithTheLastOne() {
    Flux<Integer> shared = Shared.latest(source());
    Disposable one = listen(shared);
    Disposable two = listen(shared);

    one.dispose();
    assertThat(sources.get(0).currentSubscriberCount()).isOne();
    two.dispose();
    assertThat(sources.get(0).currentSubscriberCount()).isZero();

    listen(shared);
    assertThat(sources).hasSize(2);
  }

  /** Again and again, since the moment is between two instructions of an operator. */
  @Test
  void whoComesWhileTheLastOneGoesHearsWhatFollows() throws Exception {
    Flux<Integer> shared = Shared.latest(Flux.just(7).concatWith(Flux.never()));
    AtomicInteger going = new AtomicInteger();
    AtomicInteger gone = new AtomicInteger();
    Disposable.Swap last = Disposables.swap();
    Thread goes =
        new Thread(
            () -> {
              for (int round = 1; round <= ROUNDS; round++) {
                spinUntil(going, round);
                last.get().dispose();
                gone.set(round);
              }
            });
    goes.start();
    for (int round = 1; round <= ROUNDS; round++) {
      heard.clear();
      last.replace(shared.subscribe());
      going.set(round);
      for (int i = 0; i < round % 400; i++) {
        Thread.onSpinWait();
      }
      Disposable another = listen(shared);
      spinUntil(gone, round);
      assertThat(errors).isEmpty();
      assertThat(heard).isNotEmpty().containsOnly(7);
      another.dispose();
    }
    goes.join(LIMIT.toMillis());
    assertThat(goes.isAlive()).isFalse();
  }

  private static void spinUntil(AtomicInteger reached, int round) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (reached.get() < round) {
      if (System.nanoTime() - end >= 0) {
        throw new AssertionError("The other thread did not come");
      }
      // The other may need this processor
      Thread.yield();
    }
  }

  @Test
  void errorsOfTheSourceAreTold() {
    listen(Shared.latest(source()));

    sources.get(0).tryEmitError(new IllegalStateException("mine"));

    assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(sources).hasSize(1);
  }
}
