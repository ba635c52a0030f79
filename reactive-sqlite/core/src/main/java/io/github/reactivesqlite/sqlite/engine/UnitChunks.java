package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.ChunkUnit;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import java.util.List;

/** Chunks written by an application's unit. */
record UnitChunks<P>(ChunkUnit<P> unit) implements ChunkWriter<P> {

  @Override
  public Prepared prepare(List<P> items) {
    return new Prepared() {
      @Override
      public void write(ConnectionSession session) throws Exception {
        unit.write(session, items);
      }

      @Override
      public long bytes() {
        return 0;
      }

      @Override
      public int itemAtWork() {
        return -1;
      }
    };
  }
}
