package io.github.reactivesqlite.benchmarks.measure;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Takes everything as fast as it comes; its kinds say what becomes of it, and of the end. */
public abstract class Taker<T> implements CoreSubscriber<T> {

  /** Called at the end, on the thread that ended it; the error is null if all went well. */
  protected abstract void ended(@Nullable Throwable error);

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(T element) {
    // Its arrival is enough
  }

  @Override
  public void onError(Throwable error) {
    ended(error);
  }

  @Override
  public void onComplete() {
    ended(null);
  }
}
