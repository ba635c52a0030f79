package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.ClosedLoop;
import io.github.reactivesqlite.benchmarks.measure.Latency;
import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Items;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.PeerSettings;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import io.github.reactivesqlite.benchmarks.report.Figures;
import io.github.reactivesqlite.benchmarks.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the workloads of a run share. Used by one thread. */
public final class Bench implements AutoCloseable {

  private final Plan plan;
  private final List<PeerKind> peers;
  private final Items items;
  private final long seed;
  private final Path directory;
  private final Results results = new Results();
  private @Nullable DatabaseFile readTable;

  /**
   * A run that has not begun.
   *
   * @param directory where the databases are made, on the disk that is to be measured
   */
  public Bench(Plan plan, List<PeerKind> peers, long seed, Path directory) {
    this.plan = plan;
    this.peers = List.copyOf(peers);
    this.items = new Items(seed);
    this.seed = seed;
    this.directory = directory;
  }

  Plan plan() {
    return plan;
  }

  List<PeerKind> peers() {
    return peers;
  }

  /** Those that do the compound workloads. */
  List<PeerKind> compoundPeers() {
    return plan.everyPeer()
        ? peers
        : peers.stream().filter(kind -> kind == PeerKind.REACTIVE_SQLITE).toList();
  }

  Items items() {
    return items;
  }

  long seed() {
    return seed;
  }

  /** What was found so far. */
  public Results results() {
    return results;
  }

  /** An empty database. */
  DatabaseFile emptyFile() throws SQLException, IOException {
    return DatabaseFile.create(directory, "run");
  }

  /** A database with so many rows. */
  DatabaseFile filledFile(long rows) throws SQLException, IOException {
    return emptyFile().fill(items, 0, rows);
  }

  /** What rows 0 to {@code rows - 1} amount to. */
  RowCount count(long rows) {
    return new RowCount(rows, items.sumOfScores(rows));
  }

  /** The table that is only read; filled when first asked for. */
  DatabaseFile readTable() throws SQLException, IOException {
    DatabaseFile made = readTable;
    if (made == null) {
      made = DatabaseFile.create(directory, "read").fill(items, 0, plan.readRows());
      readTable = made;
    }
    return made;
  }

  /** A closed loop's outcome, and what the table must hold because of it. */
  record Done(Outcome outcome, RowCount acknowledged) {

    /** Says whether the table holds it. */
    String compare(RowCount found) {
      return acknowledged.compare(found, outcome.errors());
    }
  }

  /** Opens the peer, runs a closed loop on it, and closes it again. */
  Done closedLoop(
      PeerKind kind, PeerSettings settings, int inFlight, Function<Peer, CountedWork> work)
      throws InterruptedException {
    try (Peer peer = kind.open(settings)) {
      CountedWork counted = work.apply(peer);
      Outcome outcome = ClosedLoop.run(inFlight, plan.window(), counted);
      return new Done(outcome, counted.acknowledged());
    }
  }

  void add(String workload, String peer, int inFlight, Outcome outcome, String rows, String note) {
    String error = outcome.firstError();
    String said = error == null ? note : (note + " " + error).strip();
    results.add(new Figures(workload, peer, inFlight, outcome, rows, 0, said));
  }

  /** A step that came to nothing, because of an error that no operation was told. */
  public void addFailure(Cell cell, Exception failure) {
    Outcome outcome = new Outcome(0, 0, Latency.NONE, 1, failure.toString(), Usage.NONE);
    results.add(
        new Figures(cell.label(), cell.peer(), 0, outcome, "FAILED", 0, failure.toString()));
  }

  void add(String workload, PeerKind kind, int inFlight, Outcome outcome, String rows) {
    add(workload, kind.id(), inFlight, outcome, rows, "");
  }

  /** A loop that was timed as a whole. */
  static Outcome timed(long operations, double seconds, Usage usage) {
    return new Outcome(operations, seconds, Latency.NONE, 0, null, usage);
  }

  @Override
  public void close() throws IOException {
    if (readTable != null) {
      readTable.close();
    }
  }
}
