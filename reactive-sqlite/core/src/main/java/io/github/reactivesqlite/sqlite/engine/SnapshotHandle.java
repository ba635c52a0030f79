package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.Snapshot;
import io.github.reactivesqlite.SnapshotQuery;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import io.github.reactivesqlite.sqlite.engine.read.HeldSnapshot;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;

/** The facade of a held snapshot. */
record SnapshotHandle(ReadLane lane, HeldSnapshot held, SqlCache sqlCache) implements Snapshot {

  @Override
  public SnapshotQuery query(String sql) {
    return new BoundSnapshotQuery(
        Bindings.of(sqlCache.statement(sql).requireQuery()),
        new BoundSnapshotQuery.Target() {
          @Override
          public <T> Rows<T> rows(BoundQuery.Statement statement, RowMapper<? extends T> mapper) {
            return new ReaderRows<>(lane, held, held.operationSettings(), statement, mapper);
          }
        });
  }
}
