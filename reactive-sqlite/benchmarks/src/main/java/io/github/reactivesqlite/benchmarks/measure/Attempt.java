package io.github.reactivesqlite.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/** Takes what an operation has, and says how it ended. */
abstract class Attempt extends Taker<Object> {

  private @Nullable Object last;

  /** Forgets the operation before. */
  final void startOver() {
    last = null;
  }

  @Override
  public final void onNext(Object element) {
    last = element;
  }

  @Override
  protected final void ended(@Nullable Throwable error) {
    long moment = System.nanoTime();
    if (error != null) {
      ended(moment, Tally.describe(error));
    } else {
      ended(moment, isRight(last) ? null : "wrong answer");
    }
  }

  /** Whether the last element, if there was one, is what had to come. */
  abstract boolean isRight(@Nullable Object last);

  /** Called at the end; the error is null if all went well. */
  abstract void ended(long moment, @Nullable String error);
}
