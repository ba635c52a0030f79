package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Window;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * How much of everything a run does.
 *
 * @param name of the mode
 * @param rounds how often each closed loop is run, in alternating order; one more round is one row
 *     still
 * @param compoundRounds the same for what takes long in a full run
 * @param window of a closed loop, in each round
 * @param insertsInFlight levels of single-row inserts
 * @param readsInFlight levels of point reads
 * @param readRows rows of the table that is read and scanned
 * @param mixRows rows of a table that is read while it is written to
 * @param batchRows rows of a batch
 * @param bulkRows rows of a bulk load that others write beside
 * @param besideBulk how long others work beside a bulk load that does not end
 * @param growthRows sizes of a table
 * @param queuedWrites writes queued to weigh one
 * @param processes numbers of processes that write side by side
 * @param processWindow of each of those processes
 * @param slowScan how long a slow subscriber is watched
 * @param jobs of the library, to be enqueued and done
 * @param jobsOfPeers the same of others, who take longer for one
 * @param jobStarts jobs that are enqueued one at a time
 * @param everyPeer whether all peers do the compound workloads, or only the library
 */
public record Plan(
    String name,
    int rounds,
    int compoundRounds,
    Window window,
    List<Integer> insertsInFlight,
    List<Integer> readsInFlight,
    long readRows,
    long mixRows,
    long batchRows,
    long bulkRows,
    Duration besideBulk,
    List<Long> growthRows,
    int queuedWrites,
    List<Integer> processes,
    Window processWindow,
    Duration slowScan,
    int jobs,
    int jobsOfPeers,
    int jobStarts,
    boolean everyPeer) {

  /** That many in flight, or fewer where all of the run is smaller. */
  int atMost(int inFlight) {
    return Math.min(inFlight, Collections.max(insertsInFlight));
  }

  /** Everything; under ten minutes on two cores. */
  public static Plan full() {
    return new Plan(
        "full",
        2,
        1,
        Window.ofMillis(200, 500),
        List.of(1, 16, 256, 2_000),
        List.of(1, 16, 64, 512),
        1_000_000,
        100_000,
        1_000_000,
        300_000,
        Duration.ofSeconds(10),
        List.of(10_000L, 1_000_000L, 10_000_000L),
        8_000,
        List.of(1, 2, 4),
        Window.ofMillis(700, 2_500),
        Duration.ofSeconds(3),
        60_000,
        2_000,
        1_000,
        true);
  }

  /** What the ratios need; under two minutes on two cores. */
  public static Plan quick() {
    return new Plan(
        "quick",
        2,
        1,
        Window.ofMillis(120, 300),
        List.of(1, 16, 256),
        List.of(1, 64),
        300_000,
        50_000,
        600_000,
        400_000,
        Duration.ofSeconds(10),
        List.of(10_000L, 100_000L),
        8_000,
        List.of(1, 4),
        Window.ofMillis(700, 1_500),
        Duration.ofSeconds(1),
        20_000,
        500,
        300,
        false);
  }

  /** As little as possible, to see that everything works. The figures say nothing. */
  public static Plan tiny() {
    return new Plan(
        "tiny",
        1,
        1,
        Window.ofMillis(5, 25),
        List.of(1, 16),
        List.of(1, 16),
        2_000,
        1_000,
        3_000,
        2_000,
        Duration.ofMillis(200),
        List.of(500L, 1_000L),
        500,
        List.of(1, 2),
        Window.ofMillis(20, 50),
        Duration.ofMillis(20),
        400,
        20,
        3,
        true);
  }
}
