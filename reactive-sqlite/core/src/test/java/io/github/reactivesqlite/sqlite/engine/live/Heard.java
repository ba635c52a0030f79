package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** A subscriber that keeps what it hears, and asks as it is told. */
final class Heard<T> extends BaseSubscriber<T> {

  /** Takes no lock when something is added: signals come on threads that must not block. */
  private final BlockingQueue<T> values = new LinkedTransferQueue<>();

  private final long first;
  private volatile @Nullable Throwable error;
  private volatile boolean completed;

  private Heard(long first) {
    this.first = first;
  }

  /** Subscribes with all the demand there is. */
  static <T> Heard<T> of(Flux<T> flux) {
    return of(flux, Long.MAX_VALUE);
  }

  /** Subscribes with a demand. */
  static <T> Heard<T> of(Flux<T> flux, long demand) {
    Heard<T> heard = new Heard<>(demand);
    flux.subscribe(heard);
    return heard;
  }

  @Override
  protected void hookOnSubscribe(Subscription subscription) {
    if (first > 0) {
      subscription.request(first);
    }
  }

  @Override
  protected void hookOnNext(T value) {
    values.add(value);
  }

  @Override
  protected void hookOnError(Throwable failure) {
    error = failure;
  }

  @Override
  protected void hookOnComplete() {
    completed = true;
  }

  /** The next value. */
  T next() {
    try {
      T value = values.poll(Bounded.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (value == null) {
        throw new AssertionError("Nothing was heard; error: " + error, error);
      }
      return value;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /**
   * The value that comes after an older one, which need not come: a newer answer takes the place of
   * one that has not been given yet.
   */
  T nextAfter(T older) {
    T value = next();
    return value.equals(older) ? next() : value;
  }

  /** Everything that is here now. */
  List<T> rest() {
    List<T> all = new ArrayList<>();
    values.drainTo(all);
    return all;
  }

  int waiting() {
    return values.size();
  }

  boolean isCompleted() {
    return completed;
  }

  /** How it ended. */
  Throwable failure() {
    Bounded.until("an error", () -> error != null);
    Throwable found = error;
    if (found == null) {
      throw new AssertionError("It has not failed");
    }
    return found;
  }

  /**
   * Makes sure that whatever was on its way has come: a marker is written behind it, and commits
   * are handed on in order.
   */
  static void settle(ReactiveDatabase db) {
    Heard<?> marker = of(db.changes("live_test_marker"));
    Bounded.get(db.script("CREATE TABLE IF NOT EXISTS live_test_marker (n)"));
    Bounded.get(db.update("INSERT INTO live_test_marker VALUES (1)").rowsUpdated());
    marker.next();
    marker.cancel();
  }
}
