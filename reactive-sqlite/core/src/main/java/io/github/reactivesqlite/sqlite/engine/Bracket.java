package io.github.reactivesqlite.sqlite.engine;

import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Work between an opening that has happened and one of three ends. The result comes after the good
 * end; an error of the end is an error of the whole.
 */
final class Bracket {

  private Bracket() {}

  /**
   * Runs the work, then the end that fits; the good one gives the result on. A cancel before the
   * end runs the last one.
   */
  static <T> Mono<T> around(
      Mono<? extends T> work,
      Function<Optional<T>, Mono<T>> onSuccess,
      Mono<Void> onError,
      Runnable onCancel) {
    return work.<Optional<T>>map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .onErrorResume(error -> afterError(error, onError))
        .flatMap(onSuccess)
        // After the work has been cancelled, so that it can add nothing behind the end
        .doFinally(
            signal -> {
              if (signal == SignalType.CANCEL) {
                onCancel.run();
              }
            });
  }

  private static <V> Mono<V> afterError(Throwable error, Mono<Void> onError) {
    return onError
        .onErrorResume(
            failedToo -> {
              if (failedToo != error) {
                error.addSuppressed(failedToo);
              }
              return Mono.empty();
            })
        .then(Mono.error(error));
  }
}
