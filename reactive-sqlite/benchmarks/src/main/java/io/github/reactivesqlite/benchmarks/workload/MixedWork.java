package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Work;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** So many reads in a hundred operations; the rest are writes. */
final class MixedWork implements CountedWork {

  private final int readPercent;
  private final ReadWork reads;
  private final WriteWork writes;

  MixedWork(int readPercent, ReadWork reads, WriteWork writes) {
    this.readPercent = readPercent;
    this.reads = reads;
    this.writes = writes;
  }

  @Override
  public Publisher<?> operation(long number) {
    return workOf(number).operation(number);
  }

  @Override
  public boolean acknowledged(long number, @Nullable Object last) {
    return workOf(number).acknowledged(number, last);
  }

  @Override
  public RowCount acknowledged() {
    return writes.acknowledged();
  }

  private Work workOf(long number) {
    return Long.remainderUnsigned(ReadWork.scatter(number), 100) < readPercent ? reads : writes;
  }
}
