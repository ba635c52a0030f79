package io.github.reactivesqlite.benchmarks.jmh;

import io.github.reactivesqlite.benchmarks.jmh.OpenPeer.Ends;
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
    Ends ends = new Ends(1);
    peer.nextInsert().subscribe(ends);
    ends.await();
  }

  /** One read, nobody else reading. */
  @Benchmark
  public void loneRead(OpenPeer peer) throws InterruptedException {
    Ends ends = new Ends(1);
    peer.nextRead().subscribe(ends);
    ends.await();
  }

  /** Inserts that are subscribed to together. */
  @Benchmark
  @OperationsPerInvocation(TOGETHER)
  public void insertOf256(OpenPeer peer) throws InterruptedException {
    Ends ends = new Ends(TOGETHER);
    for (int i = 0; i < TOGETHER; i++) {
      peer.nextInsert().subscribe(ends);
    }
    ends.await();
  }

  /** Reads that are subscribed to together. */
  @Benchmark
  @OperationsPerInvocation(TOGETHER)
  public void readOf256(OpenPeer peer) throws InterruptedException {
    Ends ends = new Ends(TOGETHER);
    for (int i = 0; i < TOGETHER; i++) {
      peer.nextRead().subscribe(ends);
    }
    ends.await();
  }

  /** A row of a scan. */
  @Benchmark
  @OperationsPerInvocation(OpenPeer.ROWS)
  public void rowOfScan(OpenPeer peer) throws InterruptedException {
    Ends ends = new Ends(1);
    peer.scan().subscribe(ends);
    ends.await();
  }
}
