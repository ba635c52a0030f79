package io.github.reactivesqlite;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a view made by {@link ReactiveDatabase#with(OperationOptions)} does differently. Immutable;
 * what is not set is inherited. Times are positive.
 */
public final class OperationOptions {

  private static final OperationOptions NONE =
      new OperationOptions(null, null, null, null, null, null, null, null, null);

  private final @Nullable String label;
  private final @Nullable Lane lane;
  private final @Nullable Boolean reservedRoom;
  private final @Nullable Duration acquireTimeout;
  private final @Nullable Duration lockTimeout;
  private final @Nullable Duration executionTimeout;
  private final @Nullable Duration transactionTimeout;
  private final @Nullable Duration snapshotTimeout;
  private final @Nullable RetryPolicy retryPolicy;

  private OperationOptions(
      @Nullable String label,
      @Nullable Lane lane,
      @Nullable Boolean reservedRoom,
      @Nullable Duration acquireTimeout,
      @Nullable Duration lockTimeout,
      @Nullable Duration executionTimeout,
      @Nullable Duration transactionTimeout,
      @Nullable Duration snapshotTimeout,
      @Nullable RetryPolicy retryPolicy) {
    this.label = label;
    this.lane = lane;
    this.reservedRoom = reservedRoom;
    this.acquireTimeout = acquireTimeout;
    this.lockTimeout = lockTimeout;
    this.executionTimeout = executionTimeout;
    this.transactionTimeout = transactionTimeout;
    this.snapshotTimeout = snapshotTimeout;
    this.retryPolicy = retryPolicy;
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
    return new OperationOptions(
        newLabel,
        lane,
        reservedRoom,
        acquireTimeout,
        lockTimeout,
        executionTimeout,
        transactionTimeout,
        snapshotTimeout,
        retryPolicy);
  }

  /**
   * Chooses the lane of writes.
   *
   * @param newLane the lane; the default is {@link Lane#INTERACTIVE}, for batches {@link Lane#BULK}
   * @return new options
   */
  public OperationOptions lane(Lane newLane) {
    return new OperationOptions(
        label,
        Objects.requireNonNull(newLane, "lane"),
        reservedRoom,
        acquireTimeout,
        lockTimeout,
        executionTimeout,
        transactionTimeout,
        snapshotTimeout,
        retryPolicy);
  }

  /**
   * Lets writes use the part of the queue that is kept free for acknowledgements and the like, so
   * that they find room when ordinary writes are refused.
   *
   * @param reserved whether to use it
   * @return new options
   */
  public OperationOptions reservedRoom(boolean reserved) {
    return new OperationOptions(
        label,
        lane,
        reserved,
        acquireTimeout,
        lockTimeout,
        executionTimeout,
        transactionTimeout,
        snapshotTimeout,
        retryPolicy);
  }

  /**
   * Bounds the wait in a queue.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions acquireTimeout(Duration timeout) {
    return new OperationOptions(
        label,
        lane,
        reservedRoom,
        positive(timeout),
        lockTimeout,
        executionTimeout,
        transactionTimeout,
        snapshotTimeout,
        retryPolicy);
  }

  /**
   * Bounds the wait for the lock of another process.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions lockTimeout(Duration timeout) {
    return new OperationOptions(
        label,
        lane,
        reservedRoom,
        acquireTimeout,
        positive(timeout),
        executionTimeout,
        transactionTimeout,
        snapshotTimeout,
        retryPolicy);
  }

  /**
   * Bounds the time a statement may run inside the engine.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions executionTimeout(Duration timeout) {
    return new OperationOptions(
        label,
        lane,
        reservedRoom,
        acquireTimeout,
        lockTimeout,
        positive(timeout),
        transactionTimeout,
        snapshotTimeout,
        retryPolicy);
  }

  /**
   * Bounds how long an interactive transaction may stay open.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions transactionTimeout(Duration timeout) {
    return new OperationOptions(
        label,
        lane,
        reservedRoom,
        acquireTimeout,
        lockTimeout,
        executionTimeout,
        positive(timeout),
        snapshotTimeout,
        retryPolicy);
  }

  /**
   * Bounds how long a snapshot, a stream or a read unit may stay open.
   *
   * @param timeout a positive time
   * @return new options
   */
  public OperationOptions snapshotTimeout(Duration timeout) {
    return new OperationOptions(
        label,
        lane,
        reservedRoom,
        acquireTimeout,
        lockTimeout,
        executionTimeout,
        transactionTimeout,
        positive(timeout),
        retryPolicy);
  }

  /**
   * Chooses how lock errors are waited out.
   *
   * @param policy the policy
   * @return new options
   */
  public OperationOptions retryPolicy(RetryPolicy policy) {
    return new OperationOptions(
        label,
        lane,
        reservedRoom,
        acquireTimeout,
        lockTimeout,
        executionTimeout,
        transactionTimeout,
        snapshotTimeout,
        Objects.requireNonNull(policy, "policy"));
  }

  /**
   * These options, with what they leave open taken from others.
   *
   * @param outer the options of the surrounding view
   * @return the merged options
   */
  public OperationOptions inheriting(OperationOptions outer) {
    return new OperationOptions(
        or(label, outer.label),
        or(lane, outer.lane),
        or(reservedRoom, outer.reservedRoom),
        or(acquireTimeout, outer.acquireTimeout),
        or(lockTimeout, outer.lockTimeout),
        or(executionTimeout, outer.executionTimeout),
        or(transactionTimeout, outer.transactionTimeout),
        or(snapshotTimeout, outer.snapshotTimeout),
        or(retryPolicy, outer.retryPolicy));
  }

  private static <V> @Nullable V or(@Nullable V own, @Nullable V inherited) {
    return own != null ? own : inherited;
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
    return label;
  }

  /**
   * The lane.
   *
   * @return the lane, or {@code null} if inherited
   */
  public @Nullable Lane lane() {
    return lane;
  }

  /**
   * Whether the reserved room is used.
   *
   * @return the choice, or {@code null} if inherited
   */
  public @Nullable Boolean reservedRoom() {
    return reservedRoom;
  }

  /**
   * The bound of the wait in a queue.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration acquireTimeout() {
    return acquireTimeout;
  }

  /**
   * The bound of the wait for the lock.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration lockTimeout() {
    return lockTimeout;
  }

  /**
   * The bound of a statement's run.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration executionTimeout() {
    return executionTimeout;
  }

  /**
   * The bound of an interactive transaction.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration transactionTimeout() {
    return transactionTimeout;
  }

  /**
   * The bound of a snapshot.
   *
   * @return the time, or {@code null} if inherited
   */
  public @Nullable Duration snapshotTimeout() {
    return snapshotTimeout;
  }

  /**
   * The retry policy.
   *
   * @return the policy, or {@code null} if inherited
   */
  public @Nullable RetryPolicy retryPolicy() {
    return retryPolicy;
  }
}
