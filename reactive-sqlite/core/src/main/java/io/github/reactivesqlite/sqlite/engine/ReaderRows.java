package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.sqlite.engine.read.HeldSnapshot;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows from a reader, or from the reader that a snapshot holds. */
record ReaderRows<T>(
    ReadLane lane,
    @Nullable HeldSnapshot snapshot,
    OperationSettings settings,
    BoundQuery.Statement statement,
    RowMapper<? extends T> mapper)
    implements Rows<T> {

  @Override
  public Mono<T> one() {
    return lane.single(snapshot, settings, statement::bound, mapper, true);
  }

  @Override
  public Mono<T> first() {
    return lane.single(snapshot, settings, statement::bound, mapper, false);
  }

  @Override
  public Flux<T> all() {
    return lane.all(snapshot, settings, statement::bound, mapper);
  }
}
