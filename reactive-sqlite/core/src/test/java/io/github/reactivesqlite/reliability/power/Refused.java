package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.ReactiveDatabase;
import java.util.List;
import reactor.core.publisher.Mono;

/** Units that write something and then fail. */
enum Refused {
  UNIT {
    @Override
    Mono<?> write(ReactiveDatabase database, long unit) {
      return database.write(
          session -> {
            session.update(INSERT).bind(1, unit).bind(2, 0).execute();
            session.update(INSERT).bind(1, unit).bind(2, 1).execute();
            throw new IllegalStateException("It thinks better of it");
          });
    }
  },
  TRANSACTION {
    @Override
    Mono<?> write(ReactiveDatabase database, long unit) {
      return database.withTransaction(
          transaction ->
              transaction
                  .update(INSERT)
                  .bind(1, unit)
                  .bind(2, 0)
                  .rowsUpdated()
                  .then(Mono.error(new IllegalStateException("It thinks better of it"))));
    }
  },
  /** Its first row is written when the second one fails. */
  STATEMENT_OR_FAIL {
    @Override
    Mono<?> write(ReactiveDatabase database, long unit) {
      return database
          .update("INSERT OR FAIL INTO entry (unit, part) VALUES (?1, 0), (?1, -1)")
          .bind(1, unit)
          .rowsUpdated();
    }
  };

  private static final String INSERT = "INSERT INTO entry (unit, part) VALUES (?1, ?2)";

  static final List<Refused> ALL = List.of(values());

  abstract Mono<?> write(ReactiveDatabase database, long unit);
}
