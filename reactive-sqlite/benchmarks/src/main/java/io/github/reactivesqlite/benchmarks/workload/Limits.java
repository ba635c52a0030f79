package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Items;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.RawJdbc;
import io.github.reactivesqlite.benchmarks.report.Results;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.List;

/** What plain loops over JDBC reach. */
final class Limits implements Workload {

  @Override
  public String id() {
    return "limits";
  }

  @Override
  public List<Cell> cells(Bench bench) {
    return List.of(
        writes(bench, "one-transaction-without-keys", Durability.NORMAL, this::withoutKeys),
        writes(bench, "one-transaction-with-keys", Durability.NORMAL, this::withKeys),
        writes(bench, "autocommit-full", Durability.FULL, RawJdbc::insertWithAutocommit),
        writes(bench, "autocommit-normal", Durability.NORMAL, RawJdbc::insertWithAutocommit),
        reads(bench, "read-one-thread", 1),
        reads(bench, "read-all-cores", Runtime.getRuntime().availableProcessors()));
  }

  private interface Loop {
    RawJdbc.Pace run(RawJdbc jdbc, Items items, double seconds) throws Exception;
  }

  private RawJdbc.Pace withoutKeys(RawJdbc jdbc, Items items, double seconds) throws Exception {
    return jdbc.insertInOneTransaction(items, seconds, false);
  }

  private RawJdbc.Pace withKeys(RawJdbc jdbc, Items items, double seconds) throws Exception {
    return jdbc.insertInOneTransaction(items, seconds, true);
  }

  private static Cell writes(Bench bench, String name, Durability durability, Loop loop) {
    return new Cell(
        name + " " + Results.RAW,
        Results.RAW,
        () -> {
          try (DatabaseFile file = bench.emptyFile()) {
            RawJdbc jdbc = new RawJdbc(file.settings(durability, Load.WRITES));
            long warmed = loop.run(jdbc, bench.items(), warmUp(bench)).operations();
            Usage before = Usage.now();
            RawJdbc.Pace pace = loop.run(jdbc, bench.items(), measured(bench));
            Usage usage = Usage.now().since(before);
            long rows = warmed + pace.operations() - file.rows().rows();
            bench.add(
                name,
                Results.RAW,
                1,
                Bench.timed(pace.operations(), pace.seconds(), usage),
                rows == 0 ? "ok" : rows + " rows MISSING",
                "");
          }
        });
  }

  private static Cell reads(Bench bench, String name, int threads) {
    return new Cell(
        name + " " + Results.RAW,
        Results.RAW,
        () -> {
          RawJdbc jdbc = new RawJdbc(bench.readTable().settings(Durability.NORMAL, Load.READS));
          long rows = bench.plan().readRows();
          jdbc.read(threads, rows, warmUp(bench));
          Usage before = Usage.now();
          RawJdbc.Pace pace = jdbc.read(threads, rows, measured(bench));
          Usage usage = Usage.now().since(before);
          bench.add(
              name,
              Results.RAW,
              threads == 1 ? 1 : 0,
              Bench.timed(pace.operations(), pace.seconds(), usage),
              "",
              threads + " threads");
        });
  }

  private static double warmUp(Bench bench) {
    return bench.plan().window().warmUp().toNanos() / 1e9;
  }

  private static double measured(Bench bench) {
    return bench.plan().window().measured().toNanos() / 1e9;
  }
}
