package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Taker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Takes everything a publisher has, as fast as it comes, and waits for its end elsewhere. */
class Drain<T> extends Taker<T> {

  private static final long PATIENCE_SECONDS = 300;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Throwable failure;

  /** Subscribes. */
  static <T, D extends Drain<T>> D begin(Publisher<? extends T> source, D drain) {
    source.subscribe(drain);
    return drain;
  }

  /** Called for each element, in order. */
  void take(T element) {}

  /** Whether the end has come. */
  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Waits for the end; fails as the publisher did. */
  void awaitEnd() throws Exception {
    if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new TimeoutException("Nothing came to an end within " + PATIENCE_SECONDS + " s");
    }
    if (failure != null) {
      throw new IllegalStateException("The load failed: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void onNext(T element) {
    take(element);
  }

  @Override
  protected void ended(@Nullable Throwable error) {
    failure = error;
    ended.countDown();
  }
}
