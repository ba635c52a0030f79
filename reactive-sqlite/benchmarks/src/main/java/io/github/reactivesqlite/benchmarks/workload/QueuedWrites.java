package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Heap;
import io.github.reactivesqlite.benchmarks.measure.Latency;
import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.measure.Taker;
import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.report.Figures;
import io.github.reactivesqlite.benchmarks.report.Reach;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The heap that a write takes while it waits: somebody else holds the file's lock, writes are
 * queued, and what is reachable is counted before and after. The bound values exist already and are
 * shared, so they weigh nothing; all writes have one subscriber, so it weighs nothing either.
 */
final class QueuedWrites extends PeerWorkload {

  private static final int WARM_UP = 300;
  private static final long PATIENCE_SECONDS = 60;

  QueuedWrites() {
    super("queued", Bench::compoundPeers, plan -> 1);
  }

  @Override
  void run(Bench bench, PeerKind kind) throws Exception {
    int writes = bench.plan().queuedWrites();
    try (DatabaseFile file = bench.emptyFile()) {
      Everyone everyone = new Everyone();
      double heap;
      double seconds;
      try (Peer peer = kind.open(file.settings(Durability.NORMAL, Load.WRITES))) {
        submit(bench, peer, 0, WARM_UP, everyone);
        everyone.await(WARM_UP);
        long before;
        long after;
        DatabaseFile.Lock lock = file.lock();
        try (lock) {
          before = Heap.usedBytes();
          submit(bench, peer, WARM_UP, WARM_UP + writes, everyone);
          after = Heap.usedBytes();
        }
        long begun = System.nanoTime();
        everyone.await(WARM_UP + writes);
        seconds = (System.nanoTime() - begun) / 1e9;
        heap = Math.max(0, (after - before) / (double) writes);
      }
      Outcome outcome =
          new Outcome(
              writes,
              seconds,
              Latency.NONE,
              everyone.errors.get(),
              everyone.firstError.get(),
              Usage.NONE);
      String verdict =
          bench
              .count(WARM_UP + writes - everyone.errors.get())
              .rowsOnly()
              .compare(file.rows().rowsOnly(), everyone.errors.get());
      String note = writes + " queued, then drained";
      bench.results().add(new Figures(Reach.QUEUED, kind.id(), 0, outcome, verdict, heap, note));
    }
  }

  private static void submit(Bench bench, Peer peer, long begin, long end, Everyone everyone) {
    for (long number = begin; number < end; number++) {
      peer.write(bench.items().insert(number)).subscribe(everyone);
    }
  }

  /** One subscriber for all. */
  private static final class Everyone extends Taker<Object> {

    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();

    void await(long writes) throws TimeoutException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (ended.get() < writes) {
        if (System.nanoTime() - deadline > 0) {
          throw new TimeoutException(
              (writes - ended.get()) + " writes did not end within " + PATIENCE_SECONDS + " s");
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
      }
    }

    @Override
    protected void ended(@Nullable Throwable error) {
      if (error != null) {
        errors.incrementAndGet();
        firstError.compareAndSet(null, error.toString());
      }
      ended.incrementAndGet();
    }
  }
}
