package io.github.reactivesqlite.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Whole operations, from subscribe to the last answer. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OperationBenchmark {

  private static final int TOGETHER = 256;

  /** One insert, nobody else writing: what a hop to the writer and back costs. */
  @Benchmark
  public void loneInsert(OpenPeer peer) throws InterruptedException {
    peer.run(1, peer::nextInsert);
  }

  /** One read, nobody else reading. */
  @Benchmark
  public void loneRead(OpenPeer peer) throws InterruptedException {
    peer.run(1, peer::nextRead);
  }

  /** Inserts that are subscribed to together. */
  @Benchmark
  @OperationsPerInvocation(TOGETHER)
  public void insertOf256(OpenPeer peer) throws InterruptedException {
    peer.run(TOGETHER, peer::nextInsert);
  }

  /** Reads that are subscribed to together. */
  @Benchmark
  @OperationsPerInvocation(TOGETHER)
  public void readOf256(OpenPeer peer) throws InterruptedException {
    peer.run(TOGETHER, peer::nextRead);
  }

  /** A row of a scan. */
  @Benchmark
  @OperationsPerInvocation(OpenPeer.ROWS)
  public void rowOfScan(OpenPeer peer) throws InterruptedException {
    peer.run(1, peer::scan);
  }
}
