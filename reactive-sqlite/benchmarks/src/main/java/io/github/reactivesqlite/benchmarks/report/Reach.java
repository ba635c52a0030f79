package io.github.reactivesqlite.benchmarks.report;

import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What the library has to reach, as ratios within one run. */
public final class Reach {

  /** Below this fsync costs nothing, so comparisons at full durability say nothing. */
  public static final double LEAST_FSYNC_MILLIS = 0.1;

  /** Heap that a slow subscriber's scan adds: a value beside the rows. */
  public static final String SCAN_HEAP_MIB = "scan-slow-heap-growth-mib";

  /** The slowest of four processes, of the fastest: a value beside the rows. */
  public static final String PROCESSES_FAIRNESS = "processes-4-slowest-of-fastest";

  /** Rows that workloads write and this class reads. */
  public static final String BULK_ALONE = "bulk-alone";

  /** The same bulk load beside small writes and reads. */
  public static final String BULK_BESIDE = "bulk-beside-others";

  /** Small writes beside a bulk load. */
  public static final String SMALL_WRITES = "small-writes-during-bulk";

  /** Reads at a fifth of the peak, nobody writing. */
  public static final String READS_ALONE = "reads-at-20%-alone";

  /** The same reads during a write storm. */
  public static final String READS_IN_STORM = "reads-at-20%-in-storm";

  /** Processes that write to the same file. */
  public static final String PROCESSES = "processes-full";

  /** Writes that wait in a queue. */
  public static final String QUEUED = "queued-writes";

  /** Jobs from their enqueueing to their acknowledgement. */
  public static final String JOBS = "jobs-full";

  /** Jobs from their enqueueing to the call of their handler, one at a time. */
  public static final String JOB_STARTS = "jobs-start";

  private static final String OURS = PeerKind.REACTIVE_SQLITE.id();

  private final Results results;
  private final boolean fullCounts;
  private final List<ReachRow> rows = new ArrayList<>();

  private Reach(Results results, double fsyncMillis) {
    this.results = results;
    this.fullCounts = fsyncMillis >= LEAST_FSYNC_MILLIS;
  }

  /** Every thing to be reached, also those that this run did not measure. */
  public static List<ReachRow> rows(Results results, double fsyncMillis) {
    return new Reach(results, fsyncMillis).all();
  }

  private List<ReachRow> all() {
    OptionalDouble limit = results.rate("one-transaction-without-keys", Results.RAW, 1);
    full("insert-full-256-of-best-peer", ofBestPeer("insert-full", 256), 50);
    full("insert-full-256-of-limit", ratio(ours("insert-full", 256), limit), 0.40);
    ceiling(
        "insert-full-256-p99.9-ms",
        figure("insert-full", 256, row -> row.outcome().latency().p999()),
        10,
        fullCounts);
    floor("insert-normal-256-of-best-peer", ofBestPeer("insert-normal", 256), 12);
    floor("insert-normal-256-of-limit", ratio(ours("insert-normal", 256), limit), 0.60);
    floor("insert-normal-16-of-best-peer", ofBestPeer("insert-normal", 16), 4);
    full("insert-full-1-of-best-peer", ofBestPeer("insert-full", 1), 1);
    floor("insert-normal-1-of-best-peer", ofBestPeer("insert-normal", 1), 1);
    floor("read-64-of-best-peer", ofBestPeer("read", 64), 1.6);
    floor(
        "read-64-of-all-cores",
        ratio(ours("read", 64), results.rate("read-all-cores", Results.RAW, 0)),
        0.7);
    floor("read-1-of-best-peer", ofBestPeer("read", 1), 0.7);
    floor("scan-of-jdbc", ofJdbc("scan"), 0.8);
    ceiling(SCAN_HEAP_MIB, results.value(SCAN_HEAP_MIB), 16, true);
    full("batch-full-of-jdbc", ofJdbc("batch-full"), 0.85);
    floor("batch-normal-of-jdbc", ofJdbc("batch-normal"), 0.85);
    ceiling("small-writes-p99-ms", figure(SMALL_WRITES, 0, Reach::p99), 10, true);
    floor("bulk-share-beside-others", ratio(ours(BULK_BESIDE, 0), ours(BULK_ALONE, 0)), 0.7);
    ceiling(
        "reads-in-storm-p99-of-alone",
        ratio(figure(READS_IN_STORM, 0, Reach::p99), figure(READS_ALONE, 0, Reach::p99)),
        2,
        true);
    ceiling("processes-4-errors", figure(PROCESSES, 4, row -> row.outcome().errors()), 0, true);
    full("processes-4-of-one", ratio(ours(PROCESSES, 4), ours(PROCESSES, 1)), 0.4);
    full(PROCESSES_FAIRNESS, results.value(PROCESSES_FAIRNESS), 0.5);
    ceiling(
        "processes-4-max-ms",
        figure(PROCESSES, 4, row -> row.outcome().latency().max()),
        1_000,
        fullCounts);
    add("queued-write-bytes", figure(QUEUED, 0, Figures::heapBytes), 400, false, true, true);
    // No ratio, so it moves with the machine
    add("jobs-per-second", ours(JOBS, 0), 15_000, true, false, fullCounts);
    full("jobs-of-best-peer", ofBestPeer(JOBS, 0), 5);
    ceiling("jobs-start-p50-ms", figure(JOB_STARTS, 1, Reach::p50), 2, true);
    return rows;
  }

  private OptionalDouble ours(String workload, int inFlight) {
    return results.rate(workload, OURS, inFlight);
  }

  private OptionalDouble ofBestPeer(String workload, int inFlight) {
    return ratio(ours(workload, inFlight), results.bestPeer(workload, inFlight));
  }

  private OptionalDouble ofJdbc(String workload) {
    return ratio(ours(workload, 0), results.rate(workload, Results.RAW, 0));
  }

  private OptionalDouble figure(String workload, int inFlight, ToDoubleFunction<Figures> figure) {
    return results.find(workload, OURS, inFlight).stream().mapToDouble(figure).findFirst();
  }

  private static double p50(Figures row) {
    return row.outcome().latency().p50();
  }

  private static double p99(Figures row) {
    return row.outcome().latency().p99();
  }

  private static OptionalDouble ratio(OptionalDouble value, OptionalDouble of) {
    return value.isPresent() && of.isPresent() && of.getAsDouble() > 0
        ? OptionalDouble.of(value.getAsDouble() / of.getAsDouble())
        : OptionalDouble.empty();
  }

  private void floor(String name, OptionalDouble value, double least) {
    add(name, value, least, true, true, true);
  }

  /** A floor for what waits for the disk. */
  private void full(String name, OptionalDouble value, double least) {
    add(name, value, least, true, true, fullCounts);
  }

  private void ceiling(String name, OptionalDouble value, double most, boolean counted) {
    add(name, value, most, false, false, counted);
  }

  private void add(
      String name,
      OptionalDouble value,
      double bound,
      boolean atLeast,
      boolean steady,
      boolean counted) {
    rows.add(new ReachRow(name, value.orElse(Double.NaN), bound, atLeast, steady, counted));
  }
}
