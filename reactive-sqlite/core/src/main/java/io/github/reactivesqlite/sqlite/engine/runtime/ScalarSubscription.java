package io.github.reactivesqlite.sqlite.engine.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The subscription of a Mono that is answered later, from another thread, at most once. It keeps
 * the answer until the subscriber has asked for it.
 *
 * <p>Owner of the fields: {@code value} is written once by the answering thread before the state
 * changes; {@code state} is changed by compare-and-set only.
 *
 * @param <T> the type of the answer
 */
public abstract class ScalarSubscription<T> implements Subscription, Scannable {

  private static final int WAITING = 0;
  private static final int REQUESTED = 1;
  private static final int ANSWERED = 2;
  private static final int DONE = 3;
  private static final int CANCELLED = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(ScalarSubscription.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final CoreSubscriber<? super T> actual;
  private volatile int state;
  private @Nullable T value;

  /** Answers the given subscriber. */
  protected ScalarSubscription(CoreSubscriber<? super T> actual) {
    this.actual = actual;
  }

  /** The subscriber's context. */
  public final Context context() {
    return actual.currentContext();
  }

  /** Whether the subscriber has cancelled. */
  public final boolean isCancelled() {
    return state == CANCELLED;
  }

  /** Where an answer goes that was there before the demand. */
  protected abstract Answers answers();

  /** Called once, when the subscriber cancels before an answer was emitted. */
  protected abstract void onCancel();

  /** Called when an answer is given up because the subscriber has gone. */
  protected void onDropped(@Nullable T answer) {}

  /** Called when the subscriber threw at the answer, and may not hear of any end. */
  protected void onSubscriberThrew(Throwable error) {}

  /**
   * Answers with a value, or with completion for {@code null}.
   *
   * @return false if the subscriber has gone
   */
  public final boolean answer(@Nullable T answer) {
    if (answer == null) {
      return complete();
    }
    value = answer;
    for (; ; ) {
      int current = state;
      if (current == REQUESTED) {
        if (STATE.compareAndSet(this, REQUESTED, DONE)) {
          emit(answer);
          return true;
        }
      } else if (current == WAITING) {
        if (STATE.compareAndSet(this, WAITING, ANSWERED)) {
          return true;
        }
      } else {
        value = null;
        onDropped(answer);
        return false;
      }
    }
  }

  private boolean complete() {
    if (finish()) {
      emitComplete();
      return true;
    }
    onDropped(null);
    return false;
  }

  /**
   * Answers with an error.
   *
   * @return false if the subscriber has gone
   */
  public final boolean fail(Throwable error) {
    if (finish()) {
      actual.onError(error);
      return true;
    }
    return false;
  }

  private boolean finish() {
    for (; ; ) {
      int current = state;
      if (current != WAITING && current != REQUESTED) {
        return false;
      }
      if (STATE.compareAndSet(this, current, DONE)) {
        return true;
      }
    }
  }

  private void emit(T answer) {
    value = null;
    try {
      actual.onNext(answer);
    } catch (Throwable thrown) {
      // Reactor's operators rethrow fatal errors; whoever waits below them has to hear of the end
      failSubscriber(thrown);
      return;
    }
    emitComplete();
  }

  private void emitComplete() {
    try {
      actual.onComplete();
    } catch (Throwable thrown) {
      failSubscriber(thrown);
    }
  }

  private void failSubscriber(Throwable thrown) {
    Throwable error = FatalErrors.asException("An operator behind the answer", thrown);
    onSubscriberThrew(error);
    actual.onError(error);
  }

  @Override
  public final void request(long n) {
    if (!Operators.validate(n)) {
      return;
    }
    for (; ; ) {
      int current = state;
      if (current == WAITING) {
        if (STATE.compareAndSet(this, WAITING, REQUESTED)) {
          return;
        }
      } else if (current == ANSWERED) {
        if (STATE.compareAndSet(this, ANSWERED, DONE)) {
          answers().deliver(this::emitLate);
          return;
        }
      } else {
        return;
      }
    }
  }

  private void emitLate() {
    T answer = value;
    if (answer != null) {
      emit(answer);
    }
  }

  @Override
  public final void cancel() {
    for (; ; ) {
      int current = state;
      if (current == DONE || current == CANCELLED) {
        return;
      }
      if (STATE.compareAndSet(this, current, CANCELLED)) {
        T answer = value;
        if (current == ANSWERED && answer != null) {
          value = null;
          onDropped(answer);
        } else {
          onCancel();
        }
        return;
      }
    }
  }

  @Override
  public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
    if (key == Attr.ACTUAL) {
      return actual;
    }
    if (key == Attr.CANCELLED) {
      return isCancelled();
    }
    if (key == Attr.TERMINATED) {
      return state == DONE;
    }
    if (key == Attr.RUN_STYLE) {
      return Attr.RunStyle.ASYNC;
    }
    return null;
  }
}
