package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.Parameters;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A batch of one statement on a view of the database. */
record StatementBatch(DatabaseView database, SqlStatement statement, ChunkOptions<Object> options)
    implements Batch {

  @Override
  public Batch chunkSize(int rows) {
    return new StatementBatch(
        database, statement, ChunkOptions.<Object>ofSize(rows).maxDelay(options.maxDelay()));
  }

  @Override
  public Batch maxDelay(Duration delay) {
    return new StatementBatch(database, statement, options.maxDelay(delay));
  }

  @Override
  public <P> Flux<BatchResult> execute(
      Publisher<? extends P> items, BiConsumer<? super Parameters, ? super P> binder) {
    ChunkOptions<P> typed = ChunkOptions.<P>ofSize(options.size()).maxDelay(options.maxDelay());
    return database.chunks(items, typed, new StatementChunks<P>(statement, binder));
  }
}
