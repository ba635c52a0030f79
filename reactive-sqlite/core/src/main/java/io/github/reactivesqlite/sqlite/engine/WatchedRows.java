package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.LiveRows;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.sqlite.engine.live.LiveQueries;
import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows from a reader that can be watched. */
record WatchedRows<T>(ReaderRows<T> rows, LiveQueries queries, Object mapping)
    implements LiveRows<T> {

  @Override
  public Mono<T> one() {
    return rows.one();
  }

  @Override
  public Mono<T> first() {
    return rows.first();
  }

  @Override
  public Flux<T> all() {
    return rows.all();
  }

  @Override
  public Flux<List<T>> live() {
    return live(TableSet.ALL);
  }

  @Override
  public Flux<List<T>> live(String... tables) {
    if (tables.length == 0) {
      throw new IllegalArgumentException(
          "live(tables) needs a table; live() finds out what the statement reads");
    }
    return live(TableSet.of(named(tables)));
  }

  /** The names, which are what they are: nothing is unquoted or looked up. */
  static Set<String> named(String... tables) {
    Set<String> names = new LinkedHashSet<>();
    for (String table : tables) {
      if (table.isBlank()) {
        throw new IllegalArgumentException("The name of a table must not be blank");
      }
      names.add(TableSet.folded(table).equals("SQLITE_MASTER") ? "sqlite_schema" : table);
    }
    return names;
  }

  private Flux<List<T>> live(TableSet tables) {
    RowMapper<? extends T> mapper = rows.mapper();
    return queries.answers(rows.settings(), rows.statement()::bound, mapper, mapping, tables);
  }
}
