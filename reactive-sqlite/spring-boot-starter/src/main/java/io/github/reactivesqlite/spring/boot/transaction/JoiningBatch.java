package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.Parameters;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A batch commits chunk by chunk, so a transaction around it is a mistake that is said at once. */
record JoiningBatch(Joining joining, Batch outside) implements Batch {

  @Override
  public Batch chunkSize(int rows) {
    return new JoiningBatch(joining, outside.chunkSize(rows));
  }

  @Override
  public Batch maxDelay(Duration delay) {
    return new JoiningBatch(joining, outside.maxDelay(delay));
  }

  @Override
  public <P> Flux<BatchResult> execute(
      Publisher<? extends P> items, BiConsumer<? super Parameters, ? super P> binder) {
    return joining.alone("BATCH", outside.execute(items, binder), "A batch");
  }
}
