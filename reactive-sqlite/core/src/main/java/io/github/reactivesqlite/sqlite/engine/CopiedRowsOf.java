package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.runtime.AnsweringGuard;
import io.github.reactivesqlite.sqlite.engine.runtime.LenientScheduler;
import io.github.reactivesqlite.sqlite.engine.session.RowMapping;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import io.github.reactivesqlite.sqlite.engine.write.RowDemand;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows that left the writer as copies and are mapped on the result scheduler. */
record CopiedRowsOf<T>(
    BoundQuery.Statement statement,
    Source source,
    RowMapper<? extends T> mapper,
    CopiedRowMapping mapping)
    implements Rows<T> {

  /** Runs the statement and copies rows. */
  @FunctionalInterface
  interface Source {
    /** Lazy. */
    Mono<List<StoredRow>> rows(BoundSql bound, RowDemand demand);
  }

  @Override
  public Mono<T> one() {
    return single(RowDemand.ONE);
  }

  @Override
  public Mono<T> first() {
    return single(RowDemand.FIRST);
  }

  private Mono<T> single(RowDemand demand) {
    return Mono.defer(
        () -> {
          BoundSql bound = statement.bound();
          return source
              .rows(bound, demand)
              .handle(
                  (rows, sink) -> {
                    if (!rows.isEmpty()) {
                      T value =
                          RowMapping.map(
                              mapper, rows.get(0), bound.details(mapping.label()), mapping.fate());
                      if (value != null) {
                        sink.next(value);
                      }
                    }
                  });
        });
  }

  @Override
  public Flux<T> all() {
    return Flux.defer(
        () -> {
          BoundSql bound = statement.bound();
          return AnsweringGuard.around(
              source
                  .rows(bound, RowDemand.ALL)
                  .flatMapIterable(rows -> rows)
                  .publishOn(LenientScheduler.over(mapping.scheduler()))
                  // As above: in handle, not in map, Reactor restores thread locals
                  .<T>handle(
                      (row, sink) ->
                          sink.next(
                              RowMapping.<T>mapToValue(
                                  mapper, row, bound.details(mapping.label()), mapping.fate()))));
        });
  }
}
