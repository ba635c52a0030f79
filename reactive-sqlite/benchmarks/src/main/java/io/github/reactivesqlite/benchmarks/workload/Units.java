package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Items;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import io.github.reactivesqlite.benchmarks.peer.Sql;
import io.github.reactivesqlite.benchmarks.peer.Statement;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.ArrayList;
import java.util.List;

/** Transactions of five statements: four inserts, and an update of a row that all share. */
final class Units implements Workload {

  private static final int IN_FLIGHT = 256;
  private static final int INSERTS = 4;
  private static final Statement COUNT = new Statement(Sql.COUNT_UNIT, new Object[0]);

  @Override
  public String id() {
    return "unit-5-normal";
  }

  @Override
  public boolean inQuick() {
    return false;
  }

  @Override
  public List<Cell> cells(Bench bench) {
    return bench.peers().stream()
        .map(kind -> new Cell(id() + " " + kind.id(), kind.id(), () -> run(bench, kind)))
        .toList();
  }

  private void run(Bench bench, PeerKind kind) throws Exception {
    Items items = bench.items();
    try (DatabaseFile file = bench.emptyFile()) {
      Bench.Done done =
          bench.closedLoop(
              kind,
              file.settings(Durability.NORMAL, Load.WRITES),
              bench.plan().atMost(IN_FLIGHT),
              peer ->
                  new WriteWork(
                      number -> peer.unit(statements(items, number)),
                      number -> sumOfScores(items, number)));
      RowCount units = done.acknowledged();
      RowCount rows = new RowCount(INSERTS * units.rows(), units.sum());
      long errors = done.outcome().errors();
      String verdict = rows.compare(file.rows(), INSERTS * errors);
      long counted = file.counter();
      if (counted < units.rows() || counted > units.rows() + errors) {
        verdict = "counter WRONG: " + counted + " of " + units.rows();
      }
      bench.add(id(), kind, bench.plan().atMost(IN_FLIGHT), done.outcome(), verdict);
    }
  }

  private static List<Statement> statements(Items items, long unit) {
    List<Statement> statements = new ArrayList<>(INSERTS + 1);
    for (int i = 0; i < INSERTS; i++) {
      statements.add(items.insert(INSERTS * unit + i));
    }
    statements.add(COUNT);
    return statements;
  }

  private static long sumOfScores(Items items, long unit) {
    long sum = 0;
    for (int i = 0; i < INSERTS; i++) {
      sum += items.item(INSERTS * unit + i).score();
    }
    return sum;
  }
}
