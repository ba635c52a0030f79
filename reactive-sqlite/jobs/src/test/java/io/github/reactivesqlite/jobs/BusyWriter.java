package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.ReactiveDatabase;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import reactor.core.publisher.Mono;

/** A unit that has the writer until it is let go: what is written meanwhile waits behind it. */
final class BusyWriter {

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CompletableFuture<Integer> unit;

  /** Returns when the unit is running. */
  BusyWriter(ReactiveDatabase db) {
    CountDownLatch writing = new CountDownLatch(1);
    unit =
        db.write(
                session -> {
                  writing.countDown();
                  Bounded.await(goOn);
                  return 1;
                })
            .toFuture();
    Bounded.await(writing);
  }

  /** Lets the unit end, and waits for its answer. */
  void letGo() {
    goOn.countDown();
    Bounded.get(Mono.fromFuture(unit));
  }
}
