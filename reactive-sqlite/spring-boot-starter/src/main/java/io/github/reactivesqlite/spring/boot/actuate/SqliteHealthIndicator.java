package io.github.reactivesqlite.spring.boot.actuate;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.WalSize;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import reactor.core.publisher.Mono;

/**
 * Whether a database answers: a query on a reader, and an empty transaction on the writer, which
 * also finds out that the file at the path is no longer the one that is open. Up with a detail when
 * another process holds the file's lock; the details have the lock and queue figures, the size of
 * the write-ahead log, and warnings. Warnings of locks are about the last five minutes, or the time
 * since somebody asked before these; the figures are totals. Thread-safe.
 */
public final class SqliteHealthIndicator extends AbstractReactiveHealthIndicator {

  /** How long reader and writer may take to answer. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final SqliteDatabase database;
  private final ReactiveDatabase probe;
  private final RecentFigures recent;

  /**
   * An indicator of one database.
   *
   * @param database the database
   */
  public SqliteHealthIndicator(SqliteDatabase database) {
    this(database, System::nanoTime);
  }

  SqliteHealthIndicator(SqliteDatabase database, LongSupplier nanoTime) {
    super("The database does not answer");
    this.database = Objects.requireNonNull(database, "database");
    this.probe =
        database.with(
            OperationOptions.labelled("health")
                .reservedRoom(true)
                .acquireTimeout(TIMEOUT)
                .lockTimeout(TIMEOUT));
    this.recent = new RecentFigures(database::stats, nanoTime);
  }

  @Override
  protected Mono<Health> doHealthCheck(Health.Builder builder) {
    Mono<Integer> read = probe.query("SELECT 1").mapTo(Integer.class).one();
    Mono<String> write =
        probe
            .write(session -> "answers")
            .onErrorReturn(
                DatabaseBusyException.class, "waits for another process to release the lock");
    return Mono.zip(read, write, database.maintenance().walSize())
        .map(answers -> health(builder, answers.getT2(), answers.getT3()));
  }

  private Health health(Health.Builder builder, String writer, WalSize wal) {
    builder.up().withDetail("database", database.name()).withDetail("writer", writer);
    RecentFigures.Look look = recent.look();
    builder.withDetails(DatabaseFigures.of(look.stats(), wal));
    List<String> warnings = DatabaseFigures.warnings(look, wal, database.config());
    if (!warnings.isEmpty()) {
      builder.withDetail("warnings", warnings);
    }
    return builder.build();
  }
}
