package io.github.reactivesqlite.spring.boot.transaction;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.ReactiveTransaction;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * Gives a begun transaction to whoever will end it, or rolls it back when he has cancelled. A
 * cancel that went through the operators of a begin could drop a transaction that has been opened
 * already, and nobody would end it before its timeout. So it does not go through them: it reaches
 * the opening itself, in the Reactor Context, and whatever is given all the same is rolled back.
 */
final class HandOver extends Mono<ReactiveTransaction> {

  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  private final Mono<ReactiveTransaction> begin;
  private final Function<? super ReactiveTransaction, Mono<Void>> rollback;

  HandOver(
      Mono<ReactiveTransaction> begin, Function<? super ReactiveTransaction, Mono<Void>> rollback) {
    this.begin = begin;
    this.rollback = rollback;
  }

  @Override
  public void subscribe(CoreSubscriber<? super ReactiveTransaction> actual) {
    begin.subscribe(new Receiver(actual, rollback));
  }

  /**
   * An opening that a cancel of the begin around it reaches: what is opened is given or undone.
   *
   * @param open gives what is opened
   * @param undo ends what nobody wants any more
   */
  static <T> Mono<T> opened(Mono<T> open, Function<? super T, Mono<Void>> undo) {
    return Mono.create(
        sink -> {
          AtomicBoolean decided = new AtomicBoolean();
          Context context = Context.of(sink.contextView());
          Opening<T> opening =
              new Opening<>(
                  context,
                  value -> {
                    if (decided.compareAndSet(false, true)) {
                      sink.success(value);
                    } else {
                      undoing(undo.apply(value).contextWrite(context));
                    }
                  },
                  sink::error);
          open.subscribe(opening);
          onCancelOf(
              context,
              () -> {
                if (decided.compareAndSet(false, true)) {
                  opening.dispose();
                  sink.error(new CancellationException("The transaction was cancelled"));
                }
              });
        });
  }

  /** Runs the action when the begin around it is cancelled. */
  static void onCancelOf(Context context, Runnable action) {
    Cancelled cancelled = context.getOrDefault(Cancelled.class, null);
    if (cancelled != null) {
      cancelled.signal().asMono().subscribe(nothing -> {}, failed -> {}, action);
    }
  }

  private static void undoing(Mono<Void> rollback) {
    rollback.subscribe(
        done -> {}, failed -> LOG.debug("A cancelled transaction ended by itself", failed));
  }

  /** In the Reactor Context of a begin. */
  private record Cancelled(Sinks.Empty<Void> signal) {}

  /** Takes the value also when it comes together with a cancel. */
  private static final class Opening<T> extends BaseSubscriber<T> {
    private final Context context;
    private final Consumer<T> onValue;
    private final Consumer<Throwable> onError;

    Opening(Context context, Consumer<T> onValue, Consumer<Throwable> onError) {
      this.context = context;
      this.onValue = onValue;
      this.onError = onError;
    }

    @Override
    public Context currentContext() {
      return context;
    }

    @Override
    protected void hookOnNext(T value) {
      onValue.accept(value);
    }

    @Override
    protected void hookOnError(Throwable error) {
      onError.accept(error);
    }
  }

  private static final class Receiver implements CoreSubscriber<ReactiveTransaction>, Subscription {

    private enum State {
      WAITING,
      GIVEN,
      CANCELLED
    }

    private final CoreSubscriber<? super ReactiveTransaction> actual;
    private final Function<? super ReactiveTransaction, Mono<Void>> rollback;
    private final Cancelled cancelled = new Cancelled(Sinks.empty());
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private @Nullable Subscription upstream;

    Receiver(
        CoreSubscriber<? super ReactiveTransaction> actual,
        Function<? super ReactiveTransaction, Mono<Void>> rollback) {
      this.actual = actual;
      this.rollback = rollback;
    }

    @Override
    public Context currentContext() {
      return actual.currentContext().put(Cancelled.class, cancelled);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      actual.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      Subscription source = upstream;
      if (source != null) {
        source.request(n);
      }
    }

    @Override
    public void cancel() {
      if (state.compareAndSet(State.WAITING, State.CANCELLED)) {
        cancelled.signal().tryEmitEmpty();
      }
    }

    @Override
    public void onNext(ReactiveTransaction transaction) {
      if (state.compareAndSet(State.WAITING, State.GIVEN)) {
        actual.onNext(transaction);
      } else {
        undoing(rollback.apply(transaction).contextWrite(actual.currentContext()));
      }
    }

    @Override
    public void onError(Throwable error) {
      if (state.get() != State.CANCELLED) {
        actual.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (state.get() != State.CANCELLED) {
        actual.onComplete();
      }
    }
  }
}
