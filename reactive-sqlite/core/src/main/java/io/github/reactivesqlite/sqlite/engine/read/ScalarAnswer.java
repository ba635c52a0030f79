package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.ScalarSubscription;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * The answer of a read that gives at most one value.
 *
 * @param <T> the type of the value
 */
final class ScalarAnswer<T> extends ScalarSubscription<T> {

  /** Whom a cancel concerns. */
  interface Owner<T> {
    /** The subscriber cancelled before an answer. */
    void cancelled();

    /** An answer found no subscriber. */
    default void dropped(@Nullable T answer) {}

    /** The subscriber threw at the answer, and may not hear of any end. */
    default void subscriberThrew(Throwable error) {}
  }

  private final Answers answers;
  private final Owner<T> owner;

  ScalarAnswer(CoreSubscriber<? super T> actual, Answers answers, Owner<T> owner) {
    super(actual);
    this.answers = answers;
    this.owner = owner;
  }

  @Override
  protected Answers answers() {
    return answers;
  }

  @Override
  protected void onCancel() {
    owner.cancelled();
  }

  @Override
  protected void onSubscriberThrew(Throwable error) {
    owner.subscriberThrew(error);
  }

  @Override
  protected void onDropped(@Nullable T answer) {
    owner.dropped(answer);
  }
}
