package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.Parameters;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.bind.InPlace;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Chunks of a batch: one statement, one row of values per item, bound before they are queued. */
record StatementChunks<P>(SqlStatement statement, BiConsumer<? super Parameters, ? super P> binder)
    implements ChunkWriter<P> {

  @Override
  public Prepared prepare(List<P> items) {
    List<BoundSql> rows = new ArrayList<>(items.size());
    long bytes = 0;
    for (P item : items) {
      try {
        BoundSql row = bind(item);
        rows.add(row);
        bytes += row.bytes();
      } catch (RuntimeException | Error failed) {
        throw new BadItemException(rows.size(), failed);
      }
    }
    return new BoundChunk(rows, bytes);
  }

  private BoundSql bind(P item) {
    ItemParameters parameters = new ItemParameters(statement);
    binder.accept(parameters, item);
    return parameters.bound();
  }

  private static final class ItemParameters extends InPlace<Parameters> implements Parameters {

    ItemParameters(SqlStatement statement) {
      super(statement);
    }

    @Override
    protected Parameters self() {
      return this;
    }

    BoundSql bound() {
      if (bindings().hasCollections()) {
        throw new IllegalArgumentException(
            "A collection was bound in a batch, where every item runs the same statement. Use"
                + " writeChunks with session.update(...) instead");
      }
      return bindings().bound();
    }
  }

  private static final class BoundChunk implements Prepared {
    private final List<BoundSql> rows;
    private final long bytes;
    private final int[] progress = {-1};

    BoundChunk(List<BoundSql> rows, long bytes) {
      this.rows = rows;
      this.bytes = bytes;
    }

    @Override
    public void write(ConnectionSession session) {
      progress[0] = -1;
      session.executeAll(rows.get(0), rows, progress);
      progress[0] = -1;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public int itemAtWork() {
      return progress[0];
    }
  }
}
