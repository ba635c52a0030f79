package io.github.reactivesqlite.sqlite.engine.session;

import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;

/** A statement about to give rows, given back when closed. */
record Cursor(EngineConnection connection, EngineStatement statement, BoundSql bound)
    implements AutoCloseable {

  boolean first() {
    return statement.execute(bound.values());
  }

  boolean next() {
    return statement.next();
  }

  @Override
  public void close() {
    connection.release(statement);
  }
}
