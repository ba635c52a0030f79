package io.github.reactivesqlite.reliability.hazards;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Asks for everything, for one after another, or for little and leaves; tells of its end once. A
 * signal that meets its own cancel is let pass in silence: what reaches Reactor's hooks for dropped
 * signals was dropped by an operator of the library.
 */
final class SoakSubscriber implements CoreSubscriber<Object> {

  /** How it asks. */
  enum Demand {
    ALL,
    ONE_BY_ONE,
    ONE,
    NONE
  }

  private final String what;
  private final SoakTally tally;
  private final Demand demand;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicReference<Subscription> upstream = new AtomicReference<>();

  SoakSubscriber(String what, SoakTally tally, Demand demand) {
    this.what = what;
    this.tally = tally;
    this.demand = demand;
  }

  /** Whether only a cancel ends it for sure. */
  boolean asksForTooLittle() {
    return demand == Demand.ONE || demand == Demand.NONE;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    if (!upstream.compareAndSet(null, subscription)) {
      subscription.cancel();
    } else if (demand == Demand.ALL) {
      subscription.request(Long.MAX_VALUE);
    } else if (demand != Demand.NONE) {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(Object value) {
    if (demand == Demand.ONE_BY_ONE) {
      upstream.get().request(1);
    }
  }

  @Override
  public void onComplete() {
    if (ended.compareAndSet(false, true)) {
      tally.completed(this);
    }
  }

  @Override
  public void onError(Throwable error) {
    if (ended.compareAndSet(false, true)) {
      tally.failed(this, error);
    }
  }

  void cancel() {
    if (ended.compareAndSet(false, true)) {
      Subscription subscription = upstream.getAndSet(Operators.cancelledSubscription());
      if (subscription != null) {
        subscription.cancel();
      }
      tally.cancelled(this);
    }
  }

  @Override
  public String toString() {
    return what + "/" + demand;
  }
}
