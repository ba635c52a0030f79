package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import io.github.reactivesqlite.sqlite.engine.write.RowDemand;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A write with its values; where it runs is up to whoever made it. */
record BoundUpdate(Bindings bindings, Target target) implements Update {

  /** Where a write runs. */
  interface Target {
    /** The number of changed rows. */
    Mono<Long> count(BoundSql bound);

    /** Copies of the rows of RETURNING. */
    Mono<List<StoredRow>> returning(BoundSql bound, RowDemand demand);

    /** How copied rows become values. */
    CopiedRowMapping mapping();
  }

  @Override
  public Update bind(String name, @Nullable Object value) {
    return new BoundUpdate(bindings.with(name, value), target);
  }

  @Override
  public Update bind(int index, @Nullable Object value) {
    return new BoundUpdate(bindings.with(index, value), target);
  }

  @Override
  public Update bindAll(Map<String, ? extends @Nullable Object> values) {
    return new BoundUpdate(bindings.withAll(values), target);
  }

  @Override
  public Mono<Long> rowsUpdated() {
    return Mono.defer(() -> target.count(bindings.bound()));
  }

  @Override
  public <T> Rows<T> returning(RowMapper<? extends T> mapper) {
    if (!bindings.statement().returning()) {
      throw new InvalidSqlException(
          "returning(...) needs a statement with a RETURNING clause; use rowsUpdated() for one"
              + " without",
          new ErrorDetails(0, null, bindings.statement().maskedText()));
    }
    return new CopiedRowsOf<>(bindings::bound, target::returning, mapper, target.mapping());
  }

  @Override
  public <T> Rows<T> returning(Class<T> type) {
    return returning(RowMapper.of(type));
  }
}
