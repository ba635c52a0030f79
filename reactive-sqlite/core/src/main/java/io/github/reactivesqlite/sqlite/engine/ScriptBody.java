package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.github.reactivesqlite.sqlite.engine.write.ClosureBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements of a script, as one unit. */
record ScriptBody(List<SqlStatement> statements) implements ClosureBody<Void> {

  @Override
  public @Nullable Void run(ConnectionSession session) {
    for (SqlStatement statement : statements) {
      session.execute(BoundSql.withoutParameters(statement));
    }
    return null;
  }

  @Override
  public String operation() {
    return "SCRIPT";
  }
}
