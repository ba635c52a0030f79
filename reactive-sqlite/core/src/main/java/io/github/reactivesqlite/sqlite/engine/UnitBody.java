package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.WriteUnit;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import io.github.reactivesqlite.sqlite.engine.write.ClosureBody;
import org.jspecify.annotations.Nullable;

/** An application's write unit. */
record UnitBody<T>(WriteUnit<T> unit) implements ClosureBody<T> {

  @Override
  public @Nullable T run(ConnectionSession session) throws Exception {
    return unit.run(session);
  }

  @Override
  public String operation() {
    return "WRITE";
  }
}
