package io.github.reactivesqlite;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a view made by {@link ReactiveDatabase#with(OperationOptions)} does differently. Immutable;
 * what is not set is inherited. Times are positive.
 */
public final class OperationOptions {

  private static final OperationOptions NONE = new OperationOptions(new Values());

  /** The options' values; changed only between a copy and its publication by a constructor. */
  private static final class Values {
    private @Nullable String label;
    private @Nullable Lane lane;
    private @Nullable Boolean reservedRoom;
    private @Nullable Duration acquireTimeout;
    private @Nullable Duration lockTimeout;
    private @Nullable Duration executionTimeout;
    private @Nullable Duration transactionTimeout;
    private @Nullable Duration snapshotTimeout;
    private @Nullable Duration liveInterval;
    private @Nullable RetryPolicy retryPolicy;

    Values copy() {
      Values copy = new Values();
      copy.label = label;
      copy.lane = lane;
      copy.reservedRoom = reservedRoom;
      copy.acquireTimeout = acquireTimeout;
      copy.lockTimeout = lockTimeout;
      copy.executionTimeout = executionTimeout;
      copy.transactionTimeout = transactionTimeout;
      copy.snapshotTimeout = snapshotTimeout;
      copy.liveInterval = liveInterval;
      copy.retryPolicy = retryPolicy;
      return copy;
    }

    Values inheriting(Values outer) {
      Values merged = new Values();
      merged.label = or(label, outer.label);
      merged.lane = or(lane, outer.lane);
      merged.reservedRoom = or(reservedRoom, outer.reservedRoom);
      merged.acquireTimeout = or(acquireTimeout, outer.acquireTimeout);
      merged.lockTimeout = or(lockTimeout, outer.lockTimeout);
      merged.executionTimeout = or(executionTimeout, outer.executionTimeout);
      merged.transactionTimeout = or(transactionTimeout, outer.transactionTimeout);
      merged.snapshotTimeout = or(snapshotTimeout, outer.snapshotTimeout);
      merged.liveInterval = or(liveInterval, outer.liveInterval);
      merged.retryPolicy = or(retryPolicy, outer.retryPolicy);
      return merged;
    }

    private static <V> @Nullable V or(@Nullable V own, @Nullable V inherited) {
      return own != null ? own : inherited;
    }
  }

  private final Values values;

  private OperationOptions(Values values) {
    this.values = values;
  }

  private OperationOptions changed(Consumer<Values> change) {
    Values copy = values.copy();
    change.accept(copy);
    return new OperationOptions(copy);
  }

  /**
   * Options that change nothing.
   *
   * @return the options
   */
  public static OperationOptions none() {
    return NONE;
  }

  /**
   * Options with a label; short for {@code none().label(label)}.
   *
   * @param label as in {@link #label(String)}
   * @return the options
   */
  public static OperationOptions labelled(String label) {
    return NONE.label(label);
  }

  /**
   * Names the operations in logs, errors and metrics. A label is a constant of the program, such as
   * {@code save-transcript}, never data: each becomes a tag value of the meters.
   *
   * @param newLabel 1 to 64 characters, no control characters
   * @return new options
   */
  public OperationOptions label(String newLabel) {
    if (newLabel.isBlank()
        || newLabel.length() > 64
        || newLabel.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "A label has 1 to 64 characters and no control characters");
    }
    return changed(copy -> copy.label = newLabel);
  }

  /**
   * Chooses the lane of writes.
   *
   * @param newLane the lane; the default is {@link Lane#INTERACTIVE}, for batches {@link Lane#BULK}
   * @return new options
   */
  public OperationOptions lane(Lane newLane) {
    return changed(copy -> copy.lane = Objects.requireNonNull(newLane, "lane"));
  }

  /**
   * Lets writes use the part of the queue that is kept free for acknowledgements and the like, so
   * that they find room when ordinary writes are refused.
   *
   * @param reserved whether to use it
   * @return new options
   */
  public OperationOptions reservedRoom(boolean reserved) {
    return changed(copy -> copy.reservedRoom = reserved);
  }

  /**
   * Bounds the wait in a queue.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions acquireTimeout(Duration timeout) {
    return changed(copy -> copy.acquireTimeout = positive(timeout));
  }

  /**
   * Bounds the wait for the lock of another process.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions lockTimeout(Duration timeout) {
    return changed(copy -> copy.lockTimeout = positive(timeout));
  }

  /**
   * Bounds the time an operation may be at work on its reader, row mapping included, or on the
   * writer. The time a slow subscriber takes does not count.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions executionTimeout(Duration timeout) {
    return changed(copy -> copy.executionTimeout = positive(timeout));
  }

  /**
   * Bounds how long an interactive transaction may stay open.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions transactionTimeout(Duration timeout) {
    return changed(copy -> copy.transactionTimeout = positive(timeout));
  }

  /**
   * Bounds how long a snapshot, a stream or a read unit may stay open.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions snapshotTimeout(Duration timeout) {
    return changed(copy -> copy.snapshotTimeout = positive(timeout));
  }

  /**
   * Sets the shortest time between two answers of a live query: after one was read, changes wait
   * until the time is over, and are then answered by one list. The first change after a quiet time
   * is answered at once. Without it, answers follow each other as fast as they can be read and
   * taken.
   *
   * @param interval a positive time
   * @return new options
   */
  public OperationOptions liveInterval(Duration interval) {
    return changed(copy -> copy.liveInterval = positive(interval));
  }

  /**
   * Chooses how lock errors are waited out.
   *
   * @param policy the policy
   * @return new options
   */
  public OperationOptions retryPolicy(RetryPolicy policy) {
    return changed(copy -> copy.retryPolicy = Objects.requireNonNull(policy, "policy"));
  }

  /**
   * These options, with what they leave open taken from others.
   *
   * @param outer the options of the surrounding view
   * @return the merged options
   */
  public OperationOptions inheriting(OperationOptions outer) {
    return new OperationOptions(values.inheriting(outer.values));
  }

  private static Duration positive(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("A positive time is needed, not " + time);
    }
    return time;
  }

  /**
   * The label.
   *
   * @return the label, or {@code null} if inherited
   */
  public @Nullable String label() {
    return values.label;
  }

  /**
   * The lane.
   *
   * @return the lane, or {@code null} if inherited
   */
  public @Nullable Lane lane() {
    return values.lane;
  }

  /**
   * Whether the reserved room is used.
   *
   * @return the choice, or {@code null} if inherited
   */
  public @Nullable Boolean reservedRoom() {
    return values.reservedRoom;
  }

  /**
   * The bound of the wait in a queue.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration acquireTimeout() {
    return values.acquireTimeout;
  }

  /**
   * The bound of the wait for the lock.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration lockTimeout() {
    return values.lockTimeout;
  }

  /**
   * The bound of a statement's run.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration executionTimeout() {
    return values.executionTimeout;
  }

  /**
   * The bound of an interactive transaction.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration transactionTimeout() {
    return values.transactionTimeout;
  }

  /**
   * The bound of a snapshot.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration snapshotTimeout() {
    return values.snapshotTimeout;
  }

  /**
   * The shortest time between two answers of a live query.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration liveInterval() {
    return values.liveInterval;
  }

  /**
   * The retry policy.
   *
   * @return the policy, or {@code null} if inherited
   */
  public @Nullable RetryPolicy retryPolicy() {
    return values.retryPolicy;
  }
}
