package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.OpenFiles;
import io.github.reactivesqlite.demo.lab.Tally;
import io.github.reactivesqlite.demo.lab.Tally.Timing;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.TransientDatabaseException;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** A database of reactive-sqlite whose own figures go into a tally. */
final class MeasuredDatabase implements AutoCloseable {

  /** For waits of the lab on its own operations, which have their deadlines themselves. */
  static final Duration BOUND = Duration.ofSeconds(90);

  private final Path file;
  private final Tally tally;
  private final SimpleMeterRegistry meters;
  private final SqliteDatabase db;
  private DatabaseStats base;

  private MeasuredDatabase(Path file, Tally tally, SimpleMeterRegistry meters, SqliteDatabase db) {
    this.file = file;
    this.tally = tally;
    this.meters = meters;
    this.db = db;
    this.base = db.stats();
  }

  static MeasuredDatabase open(Path file, Tally tally) {
    return open(file, tally, config -> config);
  }

  static MeasuredDatabase open(
      Path file, Tally tally, UnaryOperator<SqliteConfigBuilder> settings) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    SqliteDatabase db =
        SqliteDatabase.builder(file)
            .config(config -> settings.apply(config.meterRegistry(meters)))
            .build();
    // Known as zero from now on
    tally.add(Metric.LOCK_ERRORS, 0);
    tally.add(Metric.RETRIES, 0);
    tally.add(Metric.GIVEN_UP, 0);
    return new MeasuredDatabase(file, tally, meters, db);
  }

  SqliteDatabase db() {
    return db;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  /** What was done until now does not count: schema and first rows. */
  void begin() {
    base = db.stats();
  }

  /** A write that is timed and counted; completes empty when it was given up. */
  <T> Mono<T> timed(Mono<T> write) {
    return Mono.defer(
        () -> {
          long since = System.nanoTime();
          return write
              .doOnSuccess(
                  done -> {
                    tally.time(Timing.WRITE, since);
                    tally.count(Metric.OPERATIONS);
                  })
              .onErrorResume(TransientDatabaseException.class, this::givenUp);
        });
  }

  /** Counts an operation that the database refused. */
  <T> Mono<T> givenUp(TransientDatabaseException error) {
    tally.count(Metric.GIVEN_UP);
    if (error instanceof DatabaseBusyException) {
      tally.count(Metric.LOCK_ERRORS);
    }
    return Mono.empty();
  }

  void countConnections() {
    OpenFiles.count(file).ifPresent(count -> tally.greatest(Metric.CONNECTIONS, count));
  }

  DatabaseStats stats() {
    return db.stats().since(base);
  }

  /** Retries, holds and commits, as the library reports them. */
  void figures() {
    DatabaseStats stats = stats();
    tally.add(Metric.RETRIES, stats.lock().retries());
    for (Timer timer : meters.find(MeterNames.WRITER_HOLD).timers()) {
      tally.greatest(Metric.HOLD_MAX, timer.max(TimeUnit.MICROSECONDS) / 1e3);
    }
    for (Timer timer : meters.find(MeterNames.WRITER_COMMIT).timers()) {
      tally.greatest(Metric.COMMIT_MAX, timer.max(TimeUnit.MICROSECONDS) / 1e3);
    }
    tally.add(Metric.COMMITS, stats.writes().commits());
  }

  @Override
  public void close() {
    db.close();
  }
}
