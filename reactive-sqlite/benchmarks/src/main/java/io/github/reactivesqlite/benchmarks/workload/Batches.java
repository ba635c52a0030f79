package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RawJdbc;
import io.github.reactivesqlite.benchmarks.report.Results;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.Locale;

/** Many rows from one source, committed every {@value Batch#DEFAULT_CHUNK_SIZE} rows. */
final class Batches extends LimitedWorkload {

  private final Durability durability;

  Batches(Durability durability) {
    super(
        "batch-" + durability.name().toLowerCase(Locale.ROOT),
        Bench::compoundPeers,
        Plan::compoundRounds);
    this.durability = durability;
  }

  /** The first time compiles: a batch alone takes as long as that. */
  @Override
  void raw(Bench bench) throws Exception {
    try (DatabaseFile first = bench.emptyFile()) {
      new RawJdbc(first.settings(durability, Load.WRITES))
          .batch(bench.items(), bench.plan().batchRows(), Batch.DEFAULT_CHUNK_SIZE);
    }
    try (DatabaseFile file = bench.emptyFile()) {
      RawJdbc jdbc = new RawJdbc(file.settings(durability, Load.WRITES));
      Usage before = Usage.now();
      RawJdbc.Pace pace =
          jdbc.batch(bench.items(), bench.plan().batchRows(), Batch.DEFAULT_CHUNK_SIZE);
      add(bench, Results.RAW, file, pace.seconds(), Usage.now().since(before));
    }
  }

  @Override
  void run(Bench bench, PeerKind kind) throws Exception {
    try (DatabaseFile first = bench.emptyFile();
        Peer peer = kind.open(first.settings(durability, Load.WRITES))) {
      write(bench, peer);
    }
    try (DatabaseFile file = bench.emptyFile()) {
      double seconds;
      Usage usage;
      try (Peer peer = kind.open(file.settings(durability, Load.WRITES))) {
        Usage before = Usage.now();
        long begun = System.nanoTime();
        write(bench, peer);
        seconds = (System.nanoTime() - begun) / 1e9;
        usage = Usage.now().since(before);
      }
      add(bench, kind.id(), file, seconds, usage);
    }
  }

  private static void write(Bench bench, Peer peer) throws Exception {
    Drain.begin(
            peer.bulk(bench.items(), bench.plan().batchRows(), Batch.DEFAULT_CHUNK_SIZE),
            new Drain<Object>())
        .awaitEnd();
  }

  private void add(Bench bench, String peer, DatabaseFile file, double seconds, Usage usage)
      throws Exception {
    long rows = bench.plan().batchRows();
    bench.add(
        id(),
        peer,
        0,
        Bench.timed(rows, seconds, usage),
        bench.count(rows).compare(file.rows(), 0),
        "rows/s");
  }
}
