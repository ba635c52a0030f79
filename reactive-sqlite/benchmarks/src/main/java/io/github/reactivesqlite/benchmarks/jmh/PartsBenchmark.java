package io.github.reactivesqlite.benchmarks.jmh;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.benchmarks.peer.Sql;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What every operation pays for beside SQLite, piece by piece. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PartsBenchmark {

  private static final long NANOS = 12_345;
  private static final int UNITS = 256;

  private final SqlCache cache = new SqlCache();
  private final SqlStatement insert = cache.statement(Sql.INSERT);
  private final DatabaseMetrics metrics =
      new DatabaseMetrics(new SimpleMeterRegistry(), "benchmark");

  /** A text that was seen before. */
  @Benchmark
  public SqlStatement knownSql() {
    return cache.statement(Sql.INSERT);
  }

  /** A text that was not. */
  @Benchmark
  public SqlStatement freshSql() {
    return new SqlCache().statement(Sql.INSERT);
  }

  /** Three values bound one by one, as a caller does it. */
  @Benchmark
  public BoundSql bindThree() {
    return Bindings.of(insert).with(1, "name").with(2, 42L).with(3, "body").bound();
  }

  /** A unit's time in the queue. */
  @Benchmark
  public void meterQueueWait() {
    metrics.queueWait(null, Lane.INTERACTIVE, NANOS);
  }

  /** The time a unit held the writer. */
  @Benchmark
  public void meterHold() {
    metrics.hold(null, Lane.INTERACTIVE, NANOS);
  }

  /** A group, once for all of its units. */
  @Benchmark
  public void meterGroup() {
    metrics.groupCommitted(UNITS, NANOS);
  }
}
