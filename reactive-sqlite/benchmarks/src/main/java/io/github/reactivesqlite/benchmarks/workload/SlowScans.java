package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Heap;
import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.peer.Item;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.report.Reach;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * The whole table to a subscriber that asks for a few rows at a time and rests in between: what the
 * peer keeps in memory for it must not grow.
 */
final class SlowScans extends PeerWorkload {

  private static final int ROWS_A_TIME = 100;
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final int SAMPLES = 3;

  SlowScans() {
    super("scan-slow", Bench::compoundPeers, Plan::compoundRounds);
  }

  @Override
  void run(Bench bench, PeerKind kind) throws Exception {
    long step = bench.plan().slowScan().toNanos() / SAMPLES;
    try (Peer peer = kind.open(bench.readTable().settings(Durability.NORMAL, Load.READS))) {
      long heapBefore = Heap.usedBytes();
      long heapMost = heapBefore;
      SlowSubscriber subscriber = new SlowSubscriber();
      long begun = System.nanoTime();
      peer.scan().subscribe(subscriber);
      for (int sample = 0; sample < SAMPLES; sample++) {
        subscriber.takeFor(step);
        heapMost = Math.max(heapMost, Heap.usedBytes());
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      subscriber.dispose();
      double grown = (heapMost - heapBefore) / (1024.0 * 1024.0);
      bench.add(
          id(),
          kind.id(),
          0,
          Bench.timed(subscriber.rows.get(), seconds, Usage.NONE),
          "",
          String.format("paced rows/s; heap +%.1f MiB", grown));
      if (kind == PeerKind.REACTIVE_SQLITE) {
        bench.results().putGreatest(Reach.SCAN_HEAP_MIB, grown);
      }
    }
  }

  private static final class SlowSubscriber extends BaseSubscriber<Item> {

    private final AtomicLong rows = new AtomicLong();

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      // Asks later, from the thread that rests in between
    }

    @Override
    protected void hookOnNext(Item item) {
      rows.incrementAndGet();
    }

    void takeFor(long nanos) {
      long end = System.nanoTime() + nanos;
      do {
        request(ROWS_A_TIME);
        LockSupport.parkNanos(REST_NANOS);
      } while (System.nanoTime() - end < 0);
    }
  }
}
