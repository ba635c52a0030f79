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

  private static final LockCost NOTHING = new LockCost(0, 0, 0, 0);

  private final ReactiveDatabase database;
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  // The rest is guarded by this
  private long scan = -1;
  private DatabaseStats before;
  private @Nullable DatabaseStats after;

  /** Until the scan ended for the last time; another stretch begins when it is tried again. */
  private LockCost earlier = NOTHING;

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
      earlier = NOTHING;
      most.set(now.get());
    }
  }

  /** How the latest scan is: when it has ended, what locks cost from then on is not its cost. */
  synchronized void observe(ScanRow latest) {
    begin(latest.id());
    if (latest.id() < scan) {
      return;
    }
    boolean ended = after != null;
    if (ended && latest.state().running()) {
      earlier = lock();
      before = database.stats();
      after = null;
    } else if (!ended && !latest.state().running()) {
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

  synchronized LockCost lock() {
    DatabaseStats ended = after;
    DatabaseStats.LockStats lock = (ended == null ? database.stats() : ended).since(before).lock();
    return new LockCost(
        earlier.attempts() + lock.attempts(),
        earlier.waitMillis() + lock.totalWait().toMillis(),
        earlier.retries() + lock.retries(),
        earlier.failures() + lock.failures());
  }
}
