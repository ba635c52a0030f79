package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.measure.Stopwatch;
import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.JobsPeer;
import io.github.reactivesqlite.benchmarks.peer.JobsPeerKind;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.report.Reach;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Jobs whose handlers do nothing, at full durability: enqueued, then claimed and acknowledged until
 * none is left; then one at a time, from the call that enqueues it to the call of its handler. The
 * time that a peer waits for its first poll is not counted in the rate.
 */
final class JobsWork implements Workload {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Override
  public String id() {
    return "jobs";
  }

  /** Polls last seconds, whatever the plan. */
  @Override
  public int rounds(Plan plan) {
    return 1;
  }

  @Override
  public List<Cell> cells(Bench bench) {
    // They are the peers of the library's module, so they come with the library
    if (!bench.peers().contains(PeerKind.REACTIVE_SQLITE)) {
      return List.of();
    }
    List<Cell> cells = new ArrayList<>();
    Arrays.stream(JobsPeerKind.values())
        .forEach(
            kind -> cells.add(new Cell("jobs " + kind.id(), kind.id(), () -> run(bench, kind))));
    return cells;
  }

  private static void run(Bench bench, JobsPeerKind kind) throws Exception {
    boolean ours = kind == JobsPeerKind.REACTIVE_SQLITE;
    int jobs = ours ? bench.plan().jobs() : bench.plan().jobsOfPeers();
    int starts = ours ? bench.plan().jobStarts() : Math.min(3, bench.plan().jobStarts());
    AtomicLong handled = new AtomicLong();
    AtomicLong lastStart = new AtomicLong();
    Runnable handler =
        () -> {
          lastStart.setRelease(System.nanoTime());
          handled.incrementAndGet();
        };
    try (DatabaseFile file = bench.emptyFile();
        JobsPeer peer = kind.open(file.settings(Durability.FULL, Load.MIXED), handler)) {
      peer.enqueue(jobs / 4 + 1);
      peer.start();
      awaitFinished(file, peer);
      Measured measured = new Measured(file, peer, handled);
      measured.rate(bench, kind, jobs);
      measured.starts(bench, kind, starts, lastStart::getAcquire);
    }
  }

  private static void awaitFinished(DatabaseFile file, JobsPeer peer) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (file.number(peer.unfinished()) > 0) {
      pause(deadline, Duration.ofMillis(2));
    }
  }

  private static void pause(long deadline, Duration pause) throws TimeoutException {
    if (System.nanoTime() - deadline > 0) {
      throw new TimeoutException("Jobs were not finished within " + PATIENCE);
    }
    LockSupport.parkNanos(pause.toNanos());
  }

  /** The measured part. */
  private record Measured(DatabaseFile file, JobsPeer peer, AtomicLong handled) {

    void rate(Bench bench, JobsPeerKind kind, int jobs) throws Exception {
      long before = handled.get();
      Usage usage = Usage.now();
      long begun = System.nanoTime();
      peer.enqueue(jobs);
      long enqueued = System.nanoTime();
      long deadline = enqueued + PATIENCE.toNanos();
      while (handled.get() == before) {
        pause(deadline, Duration.ofNanos(50_000));
      }
      long first = System.nanoTime();
      while (handled.get() < before + jobs) {
        pause(deadline, Duration.ofNanos(200_000));
      }
      awaitFinished(file, peer);
      long end = System.nanoTime();
      long waited = Math.max(0, first - enqueued);
      long executed = handled.get() - before;
      Outcome outcome =
          Bench.timed(jobs, (end - begun - waited) / 1e9, Usage.now().since(usage));
      bench.add(
          Reach.JOBS,
          kind.id(),
          0,
          outcome,
          executed == jobs ? "ok" : executed - jobs + " TOO MANY",
          String.format("%d jobs, %d ms to enqueue", jobs, (enqueued - begun) / 1_000_000));
    }

    void starts(Bench bench, JobsPeerKind kind, int starts, LongSupplier lastStart)
        throws Exception {
      Stopwatch watch = new Stopwatch();
      for (int i = 0; i < starts; i++) {
        long before = handled.get();
        long begun = System.nanoTime();
        peer.enqueueOne();
        long deadline = begun + kind.patience().toNanos();
        while (handled.get() == before) {
          pause(deadline, Duration.ofNanos(20_000));
        }
        watch.took(lastStart.getAsLong() - begun);
        awaitFinished(file, peer);
      }
      bench.add(Reach.JOB_STARTS, kind.id(), 1, watch.outcome(), "", "enqueue to start");
    }
  }
}
