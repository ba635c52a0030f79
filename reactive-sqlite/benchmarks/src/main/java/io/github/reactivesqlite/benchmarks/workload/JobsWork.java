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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Jobs whose handlers do nothing, at full durability: enqueued, then claimed and acknowledged until
 * none is left; then one at a time, from the call that enqueues it to the call of its handler. The
 * time that a peer waits for its first poll is not counted in the rate.
 */
final class JobsWork implements Workload {

  /** One start of those who poll takes seconds. */
  private static final int STARTS_FOR_ONE_OF_PEERS = 500;

  @Override
  public String id() {
    return "jobs";
  }

  @Override
  public int rounds(Plan plan) {
    return 1;
  }

  @Override
  public List<Cell> cells(Bench bench) {
    // They are the peers of the library's module, so they come with the library
    return bench.peers().contains(PeerKind.REACTIVE_SQLITE)
        ? Arrays.stream(JobsPeerKind.values()).map(kind -> cell(bench, kind)).toList()
        : List.of();
  }

  private Cell cell(Bench bench, JobsPeerKind kind) {
    return new Cell(id() + " " + kind.id(), kind.id(), () -> run(bench, kind));
  }

  private static void run(Bench bench, JobsPeerKind kind) throws Exception {
    boolean ours = kind == JobsPeerKind.REACTIVE_SQLITE;
    int jobs = ours ? bench.plan().jobs() : bench.plan().jobsOfPeers();
    int starts = bench.plan().jobStarts();
    Handled handled = new Handled();
    try (DatabaseFile file = bench.emptyFile();
        JobsPeer peer = kind.open(file.settings(Durability.FULL, Load.MIXED), handled);
        DatabaseFile.Count unfinished = file.counting(peer.unfinished())) {
      Running running = new Running(peer, handled, unfinished);
      peer.enqueue(jobs / 4 + 1);
      peer.start();
      running.awaitFinished();
      running.rate(bench, kind, jobs);
      running.starts(bench, kind, ours ? starts : Math.max(1, starts / STARTS_FOR_ONE_OF_PEERS));
    }
  }

  /** What all handlers do. */
  private static final class Handled implements Runnable {

    private final AtomicLong count = new AtomicLong();
    private final Semaphore calls = new Semaphore(0);
    private volatile long last;

    @Override
    public void run() {
      last = System.nanoTime();
      count.incrementAndGet();
      calls.release();
    }

    /** Waits for so many calls, and forgets them. */
    void await(int jobs, Duration patience) throws Exception {
      if (!calls.tryAcquire(jobs, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException("Of " + jobs + " jobs not all were run within " + patience);
      }
    }
  }

  /** A peer at work. */
  private record Running(JobsPeer peer, Handled handled, DatabaseFile.Count unfinished) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    void awaitFinished() throws Exception {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (unfinished.now() > 0) {
        if (System.nanoTime() - deadline > 0) {
          throw new TimeoutException("Jobs were not finished within " + PATIENCE);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    }

    void rate(Bench bench, JobsPeerKind kind, int jobs) throws Exception {
      handled.calls.drainPermits();
      long before = handled.count.get();
      Usage usage = Usage.now();
      long begun = System.nanoTime();
      peer.enqueue(jobs);
      long enqueued = System.nanoTime();
      handled.await(1, PATIENCE);
      long first = System.nanoTime();
      handled.await(jobs - 1, PATIENCE);
      awaitFinished();
      long nanos = System.nanoTime() - begun - Math.max(0, first - enqueued);
      long tooMany = handled.count.get() - before - jobs;
      bench.add(
          Reach.JOBS,
          kind.id(),
          0,
          Bench.timed(jobs, nanos / 1e9, Usage.now().since(usage)),
          tooMany == 0 ? "ok" : tooMany + " jobs TOO MANY",
          String.format("%d jobs, %d ms to enqueue", jobs, (enqueued - begun) / 1_000_000));
    }

    void starts(Bench bench, JobsPeerKind kind, int starts) throws Exception {
      Stopwatch watch = new Stopwatch();
      for (int i = 0; i < starts; i++) {
        handled.calls.drainPermits();
        long begun = System.nanoTime();
        peer.enqueueOne();
        handled.await(1, kind.patience());
        watch.took(handled.last - begun);
        awaitFinished();
      }
      Outcome outcome = watch.outcome();
      bench.add(Reach.JOB_STARTS, kind.id(), 1, outcome, "", "from enqueue to handler");
    }
  }
}
