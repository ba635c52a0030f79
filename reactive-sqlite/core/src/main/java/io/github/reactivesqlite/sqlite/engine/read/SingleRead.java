package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.session.RowMapping;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * A query for the only or the first row.
 *
 * @param <T> the type of the mapped row
 */
final class SingleRead<T> extends StatementRead<T> {

  private final RowMapper<? extends T> mapper;
  private final boolean onlyRow;

  SingleRead(
      CoreSubscriber<? super T> actual,
      ReadServices services,
      OperationSettings settings,
      ReadHost host,
      BoundSql bound,
      RowMapper<? extends T> mapper,
      boolean onlyRow) {
    super(actual, services, settings, host, bound);
    this.mapper = mapper;
    this.onlyRow = onlyRow;
  }

  @Override
  @Nullable T read(EngineConnection connection) {
    EngineStatement statement = connection.statement(bound.sql());
    try {
      if (!statement.execute(bound.values())) {
        return null;
      }
      T value = RowMapping.map(mapper, statement.row(), details(), "");
      if (onlyRow && statement.next()) {
        throw new IncorrectResultSizeException(
            "one() met a second row. Add a condition or LIMIT 1, or use first() or all()",
            details(),
            1,
            2);
      }
      return value;
    } finally {
      connection.release(statement);
    }
  }
}
