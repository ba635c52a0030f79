package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.Items;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Writes, and remembers how many were acknowledged, and the sum of something in them. */
final class WriteWork implements CountedWork {

  private final LongFunction<Publisher<?>> writes;
  private final LongUnaryOperator weights;
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder sum = new LongAdder();

  WriteWork(LongFunction<Publisher<?>> writes, LongUnaryOperator weights) {
    this.writes = writes;
    this.weights = weights;
  }

  /** Single-row inserts. */
  static WriteWork inserts(Peer peer, Items items) {
    return new WriteWork(
        number -> peer.write(items.insert(number)), number -> items.item(number).score());
  }

  @Override
  public Publisher<?> operation(long number) {
    return writes.apply(number);
  }

  @Override
  public boolean acknowledged(long number, @Nullable Object last) {
    acknowledged.increment();
    sum.add(weights.applyAsLong(number));
    return true;
  }

  @Override
  public RowCount acknowledged() {
    return new RowCount(acknowledged.sum(), sum.sum());
  }
}
