package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.connection.TableUse;
import io.github.reactivesqlite.sqlite.engine.connection.TableUseCache;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.session.RowMapping;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import reactor.core.CoreSubscriber;

/**
 * A query for all rows in one list, together with the tables it reads: what a live query asks again
 * and again.
 *
 * @param <T> the type of the mapped rows
 */
final class AnswerRead<T> extends StatementRead<Answer<T>> {

  private final RowMapper<? extends T> mapper;
  private final TableUseCache uses;

  AnswerRead(
      CoreSubscriber<? super Answer<T>> actual,
      ReadServices services,
      OperationSettings settings,
      ReadHost host,
      BoundSql bound,
      RowMapper<? extends T> mapper,
      TableUseCache uses) {
    super(actual, services, settings, host, bound);
    this.mapper = mapper;
    this.uses = uses;
  }

  /** In a transaction also when alone, as the tables are those of the rows' snapshot. */
  @Override
  Outcome run(Reader reader) throws Exception {
    reader.beginTransaction();
    return super.run(reader);
  }

  /** The version belongs to the same snapshot as the rows, so they are of the same schema. */
  @Override
  Answer<T> read(EngineConnection connection) {
    long schemaVersion = connection.schemaVersion();
    TableUse use = uses.get(bound.sql(), schemaVersion);
    if (use == null) {
      use = connection.tableUse(bound.sql(), schemaVersion);
      if (!use.equals(TableUse.UNKNOWN)) {
        uses.put(bound.sql(), schemaVersion, use);
      }
    }
    return new Answer<>(Collections.unmodifiableList(rows(connection)), use.reads());
  }

  private List<T> rows(EngineConnection connection) {
    List<T> rows = new ArrayList<>();
    EngineStatement statement = connection.statement(bound.sql());
    try {
      boolean ready = statement.execute(bound.values());
      while (ready) {
        rows.add(RowMapping.<T>mapToValue(mapper, statement.row(), details(), ""));
        ready = statement.next();
      }
      return rows;
    } finally {
      connection.release(statement);
    }
  }

  @Override
  String operation() {
    return "LIVE " + super.operation();
  }
}
