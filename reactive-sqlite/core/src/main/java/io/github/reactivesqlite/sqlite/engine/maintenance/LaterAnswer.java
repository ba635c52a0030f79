package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.ScalarSubscription;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * What a thread of the maintenance will answer, on the result scheduler. An answer whose subscriber
 * has gone is forgotten: it is news about the database, and nothing that anybody has to give back.
 *
 * <p>Owner of the fields: {@code stop} is written once by the subscribing thread.
 */
final class LaterAnswer<T> extends ScalarSubscription<T> {

  private final Answers answers;
  private volatile @Nullable Runnable stop;

  private LaterAnswer(CoreSubscriber<? super T> actual, Answers answers) {
    super(actual);
    this.answers = answers;
  }

  /**
   * Starts something with each subscription.
   *
   * @param start is given where its answer goes, and returns what stops it
   */
  static <T> Mono<T> of(Answers answers, Function<LaterAnswer<T>, Runnable> start) {
    return new Mono<>() {
      @Override
      public void subscribe(CoreSubscriber<? super T> actual) {
        LaterAnswer<T> answer = new LaterAnswer<>(actual, answers);
        actual.onSubscribe(answer);
        if (!answer.isCancelled()) {
          answer.startedWith(start.apply(answer));
        }
      }
    };
  }

  /** Stops what cannot be stopped. */
  static void letItEnd() {}

  private void startedWith(Runnable stopper) {
    stop = stopper;
    if (isCancelled()) {
      stopper.run();
    }
  }

  /** Gives the answer. Any thread, at most once. */
  void deliver(T answer) {
    answers.deliver(() -> answer(answer));
  }

  /** Gives an error as the answer. Any thread, at most once. */
  void deliverError(Throwable error) {
    answers.deliver(() -> fail(error));
  }

  @Override
  protected Answers answers() {
    return answers;
  }

  @Override
  protected void onCancel() {
    Runnable stopper = stop;
    if (stopper != null) {
      stopper.run();
    }
  }
}
