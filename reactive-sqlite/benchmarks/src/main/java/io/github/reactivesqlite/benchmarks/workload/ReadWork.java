package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.Item;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Reads of one row each by a key that looks random, checking the answer. */
final class ReadWork implements CountedWork {

  private final Peer peer;
  private final long rows;
  private final long seed;

  /** Keys 1 to {@code rows}. */
  ReadWork(Peer peer, long rows, long seed) {
    this.peer = peer;
    this.rows = rows;
    this.seed = seed;
  }

  @Override
  public Publisher<?> operation(long number) {
    return peer.read(key(number));
  }

  @Override
  public boolean acknowledged(long number, @Nullable Object last) {
    return last instanceof Item item && item.id() == key(number);
  }

  @Override
  public RowCount acknowledged() {
    return new RowCount(0, 0);
  }

  private long key(long number) {
    return 1 + Long.remainderUnsigned(scatter(number + seed), rows);
  }

  /** Neighbouring numbers come out far apart (the finalizer of SplitMix64). */
  static long scatter(long number) {
    long mixed = number * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
