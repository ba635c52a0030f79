package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.demo.scan.ScanReport.LockCost;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What this process has seen of the latest scan: writes under way, and what locks cost. */
@Component
class InFlight {

  private final ReactiveDatabase database;
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private long scan = -1;
  private volatile DatabaseStats before;
  private volatile @Nullable DatabaseStats after;

  InFlight(ReactiveDatabase database) {
    this.database = database;
    this.before = database.stats();
  }

  /** A scan begins, in this process or another; nothing if that is known. */
  synchronized void begin(long id) {
    if (scan < id) {
      scan = id;
      before = database.stats();
      after = null;
      most.set(now.get());
    }
  }

  /** How the latest scan is: when it has ended, what locks cost from then on is not its cost. */
  synchronized void observe(ScanRow latest) {
    begin(latest.id());
    if (latest.id() < scan) {
      return;
    }
    if (latest.state().running()) {
      after = null;
    } else if (after == null) {
      after = database.stats();
    }
  }

  <T> Mono<T> count(Mono<T> write) {
    return Mono.defer(
        () -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          AtomicInteger once = new AtomicInteger();
          Runnable end =
              () -> {
                if (once.getAndIncrement() == 0) {
                  now.decrementAndGet();
                }
              };
          return write.doOnTerminate(end).doOnCancel(end);
        });
  }

  int now() {
    return now.get();
  }

  int most() {
    return most.get();
  }

  LockCost lock() {
    DatabaseStats ended = after;
    DatabaseStats.LockStats lock = (ended == null ? database.stats() : ended).since(before).lock();
    return new LockCost(
        lock.attempts(), lock.totalWait().toMillis(), lock.retries(), lock.failures());
  }
}
