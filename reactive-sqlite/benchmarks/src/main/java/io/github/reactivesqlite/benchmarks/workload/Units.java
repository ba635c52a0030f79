package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Items;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import io.github.reactivesqlite.benchmarks.peer.Sql;
import io.github.reactivesqlite.benchmarks.peer.Statement;
import java.util.ArrayList;
import java.util.List;

/** Transactions of five statements: four inserts, and an update of a row that all share. */
final class Units extends LoopWorkload {

  private static final int INSERTS = 4;
  private static final Statement COUNT = new Statement(Sql.COUNT_UNIT, new Object[0]);

  Units() {
    super("unit-5-normal", Load.WRITES, 256);
  }

  @Override
  CountedWork work(Bench bench, Peer peer) {
    Items items = bench.items();
    return new WriteWork(
        number -> peer.unit(statements(items, number)), number -> sumOfScores(items, number));
  }

  @Override
  String verdict(Bench bench, DatabaseFile file, Bench.Done done) throws Exception {
    RowCount units = done.acknowledged();
    long errors = done.outcome().errors();
    long counted = file.counter();
    if (counted < units.rows() || counted > units.rows() + errors) {
      return "counter WRONG: " + counted + " of " + units.rows();
    }
    RowCount rows = new RowCount(INSERTS * units.rows(), units.sum());
    return rows.compare(file.rows(), INSERTS * errors);
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
