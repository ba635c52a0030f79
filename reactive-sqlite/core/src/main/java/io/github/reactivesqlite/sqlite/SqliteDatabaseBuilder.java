package io.github.reactivesqlite.sqlite;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Opens a {@link SqliteDatabase} with a configuration. Not thread-safe. */
public final class SqliteDatabaseBuilder {

  private final Path file;
  private final TemporaryFiles files;
  private SqliteConfig config = SqliteConfig.ofDefaults();

  SqliteDatabaseBuilder(Path file, TemporaryFiles files) {
    this.file = Objects.requireNonNull(file, "file");
    this.files = files;
  }

  /**
   * Sets the whole configuration.
   *
   * @param newConfig the configuration
   * @return this
   */
  public SqliteDatabaseBuilder config(SqliteConfig newConfig) {
    config = Objects.requireNonNull(newConfig, "config");
    return this;
  }

  /**
   * Changes the configuration: {@code config(c -> c.durability(Durability.NORMAL).readers(3))}. All
   * violations are reported at once.
   *
   * @param changes sets knobs
   * @return this
   * @throws IllegalArgumentException if a knob is out of its range
   */
  public SqliteDatabaseBuilder config(UnaryOperator<SqliteConfigBuilder> changes) {
    config = changes.apply(config.toBuilder()).build();
    return this;
  }

  /**
   * Opens. Blocks: see {@link SqliteDatabase#open(Path)} for what it waits for and how it fails.
   *
   * @return the open database
   * @throws IllegalStateException on a thread that must not block; use {@link #buildAsync()} there
   */
  public SqliteDatabase build() {
    return SqliteDatabase.open(file, config, files);
  }

  /**
   * Opens without blocking the caller.
   *
   * @return the open database; lazy, each subscription opens
   */
  public Mono<SqliteDatabase> buildAsync() {
    SqliteConfig chosen = config;
    return SqliteDatabase.opening(file, chosen, files);
  }
}
