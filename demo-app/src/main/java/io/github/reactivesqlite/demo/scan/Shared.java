package io.github.reactivesqlite.demo.scan;

import java.util.concurrent.CancellationException;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Streams that many listen to. */
final class Shared {

  private Shared() {}

  /**
   * One subscription to a source, for as long as anybody listens. Who comes later begins with the
   * latest value.
   */
  static <T> Flux<T> latest(Flux<T> source) {
    Flux<T> shared = source.replay(1).refCount(1);
    // Who comes while the last one goes has joined what just ends, and is told so by this error
    return shared.retryWhen(Retry.indefinitely().filter(CancellationException.class::isInstance));
  }
}
