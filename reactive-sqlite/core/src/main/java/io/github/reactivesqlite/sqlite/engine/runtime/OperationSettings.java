package io.github.reactivesqlite.sqlite.engine.runtime;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of one view with every blank filled in, resolved once per view. Times are
 * nanoseconds.
 *
 * @param label the label, or {@code null}
 * @param lane the lane of writes; {@code null} lets the kind of operation decide
 * @param reservedRoom whether the reserved part of the queue may be used
 * @param acquireNanos bound of the wait in a queue
 * @param lockNanos bound of the wait for the lock
 * @param executionNanos bound of the time at work on a reader or the writer
 * @param transactionNanos bound of an interactive transaction
 * @param snapshotNanos bound of a snapshot
 * @param liveNanos shortest time between two answers of a live query; 0 for none
 * @param retryPolicy how lock errors are waited out
 */
public record OperationSettings(
    @Nullable String label,
    @Nullable Lane lane,
    boolean reservedRoom,
    long acquireNanos,
    long lockNanos,
    long executionNanos,
    long transactionNanos,
    long snapshotNanos,
    long liveNanos,
    RetryPolicy retryPolicy) {

  /** Fills the blanks of the options from the configuration. */
  public static OperationSettings of(OperationOptions options, SqliteConfig config) {
    Boolean reserved = options.reservedRoom();
    RetryPolicy policy = options.retryPolicy();
    return new OperationSettings(
        options.label(),
        options.lane(),
        reserved != null && reserved,
        nanos(options.acquireTimeout(), config.acquireTimeout()),
        nanos(options.lockTimeout(), config.lockTimeout()),
        nanos(options.executionTimeout(), config.executionTimeout()),
        nanos(options.transactionTimeout(), config.transactionTimeout()),
        nanos(options.snapshotTimeout(), config.snapshotTimeout()),
        nanos(options.liveInterval(), Duration.ZERO),
        policy != null ? policy : config.retryPolicy());
  }

  private static long nanos(@Nullable Duration own, Duration configured) {
    return EngineTimer.nanos(own != null ? own : configured);
  }

  /** The lane of a write of a kind that usually takes the given lane. */
  public Lane laneOr(Lane usual) {
    return lane != null ? lane : usual;
  }

  /** The same settings with another label and transaction time, where given. */
  public OperationSettings forTransaction(@Nullable String newLabel, @Nullable Duration timeout) {
    return new OperationSettings(
        newLabel != null ? newLabel : label,
        lane,
        reservedRoom,
        acquireNanos,
        lockNanos,
        executionNanos,
        timeout != null ? EngineTimer.nanos(timeout) : transactionNanos,
        snapshotNanos,
        liveNanos,
        retryPolicy);
  }
}
