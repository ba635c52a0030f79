package io.github.reactivesqlite.sqlite.engine.runtime;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

/**
 * The edge between operators of the library and those of the application. A fatal error that the
 * application's operators throw instead of signalling it would go up through the library's ones,
 * which have done their part, and nobody below would hear of an end.
 */
public final class AnsweringGuard {

  private AnsweringGuard() {}

  /** The same Mono, whose subscriber is told of what it threw. */
  public static <T> Mono<T> around(Mono<T> mono) {
    return new MonoOperator<T, T>(mono) {
      @Override
      public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new Guard<>(actual));
      }
    };
  }

  /** The same Flux, whose subscriber is told of what it threw. */
  public static <T> Flux<T> around(Flux<T> flux) {
    return new FluxOperator<T, T>(flux) {
      @Override
      public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new Guard<>(actual));
      }
    };
  }

  /** Signals come one after another, so its fields need no guard. */
  private static final class Guard<T> implements CoreSubscriber<T>, Subscription {
    private final CoreSubscriber<? super T> actual;
    private Subscription upstream = this;
    private boolean threw;

    Guard(CoreSubscriber<? super T> actual) {
      this.actual = actual;
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      actual.onSubscribe(this);
    }

    @Override
    public void onNext(T value) {
      if (threw) {
        return;
      }
      try {
        actual.onNext(value);
      } catch (Throwable thrown) {
        failSubscriber(thrown);
      }
    }

    private void failSubscriber(Throwable thrown) {
      threw = true;
      upstream.cancel();
      actual.onError(FatalErrors.asException("An operator behind the answer", thrown));
    }

    @Override
    public void onError(Throwable error) {
      if (!threw) {
        actual.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (!threw) {
        try {
          actual.onComplete();
        } catch (Throwable thrown) {
          failSubscriber(thrown);
        }
      }
    }

    @Override
    public void request(long n) {
      upstream.request(n);
    }

    @Override
    public void cancel() {
      upstream.cancel();
    }
  }
}
