package io.github.reactivesqlite.sqlite.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Schedulers;

class ScalarSubscriptionTest {

  /** Records what it is given. */
  private static final class Recorder implements CoreSubscriber<String> {
    final List<String> signals = new ArrayList<>();

    @Override
    public void onSubscribe(Subscription s) {}

    @Override
    public void onNext(String value) {
      signals.add(value);
    }

    @Override
    public void onError(Throwable error) {
      signals.add("error " + error.getMessage());
    }

    @Override
    public void onComplete() {
      signals.add("complete");
    }
  }

  private static final class Probe extends ScalarSubscription<String> {
    final AtomicInteger cancels = new AtomicInteger();
    final AtomicInteger drops = new AtomicInteger();

    Probe(CoreSubscriber<? super String> actual) {
      super(actual);
    }

    @Override
    protected Answers answers() {
      return new Answers(Schedulers.immediate());
    }

    @Override
    protected void onCancel() {
      cancels.incrementAndGet();
    }

    @Override
    protected void onDropped(@Nullable String answer) {
      drops.incrementAndGet();
    }
  }

  private final Recorder recorder = new Recorder();
  private final Probe probe = new Probe(recorder);

  @Test
  void answersAfterTheDemand() {
    probe.request(1);
    assertThat(probe.answer("a")).isTrue();
    assertThat(recorder.signals).containsExactly("a", "complete");
  }

  @Test
  void keepsTheAnswerUntilTheDemand() {
    assertThat(probe.answer("a")).isTrue();
    assertThat(recorder.signals).isEmpty();
    probe.request(1);
    assertThat(recorder.signals).containsExactly("a", "complete");
  }

  @Test
  void completesEmptyAndFailsWithoutDemand() {
    assertThat(probe.answer(null)).isTrue();
    assertThat(recorder.signals).containsExactly("complete");
    Recorder other = new Recorder();
    assertThat(new Probe(other).fail(new IllegalStateException("x"))).isTrue();
    assertThat(other.signals).containsExactly("error x");
  }

  @Test
  void answersOnce() {
    probe.request(1);
    probe.answer("a");
    assertThat(probe.answer("b")).isFalse();
    assertThat(probe.fail(new IllegalStateException("x"))).isFalse();
    assertThat(recorder.signals).containsExactly("a", "complete");
    assertThat(probe.drops).hasValue(1);
  }

  @Test
  void cancelBeforeTheAnswerIsToldOnceAndDropsTheAnswer() {
    probe.request(1);
    probe.cancel();
    probe.cancel();
    assertThat(probe.cancels).hasValue(1);
    assertThat(probe.answer("a")).isFalse();
    assertThat(recorder.signals).isEmpty();
    assertThat(probe.drops).hasValue(1);
  }

  @Test
  void cancelOfAKeptAnswerDropsIt() {
    probe.answer("a");
    probe.cancel();
    assertThat(probe.cancels).hasValue(0);
    assertThat(probe.drops).hasValue(1);
    probe.request(1);
    assertThat(recorder.signals).isEmpty();
  }

  @Test
  void ofAnswerAndCancelExactlyOneWins() throws Exception {
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2_000; i++) {
        Recorder seen = new Recorder();
        Probe raced = new Probe(seen);
        raced.request(1);
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(2);
        two.execute(() -> race(start, end, () -> raced.answer("a")));
        two.execute(() -> race(start, end, raced::cancel));
        start.countDown();
        assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
        boolean emitted = !seen.signals.isEmpty();
        assertThat(emitted ? 0 : 1).isEqualTo(raced.drops.get());
      }
    } finally {
      two.shutdownNow();
    }
  }

  private static void race(CountDownLatch start, CountDownLatch end, Runnable action) {
    try {
      if (start.await(10, TimeUnit.SECONDS)) {
        action.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end.countDown();
    }
  }
}
