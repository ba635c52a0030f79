package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job that is to be enqueued. Immutable; every setter returns a new one.
 *
 * @param <P> the type of the payload
 */
public final class NewJob<P> {

  private final JobType<P> type;
  private final P payload;
  private final String queue;
  private final int priority;
  private final @Nullable Instant runAt;
  private final @Nullable Duration delay;
  private final int maxAttempts;
  private final @Nullable String uniqueKey;
  private final @Nullable String key;

  private NewJob(
      JobType<P> type,
      P payload,
      String queue,
      int priority,
      @Nullable Instant runAt,
      @Nullable Duration delay,
      int maxAttempts,
      @Nullable String uniqueKey,
      @Nullable String key) {
    this.type = type;
    this.payload = payload;
    this.queue = queue;
    this.priority = priority;
    this.runAt = runAt;
    this.delay = delay;
    this.maxAttempts = maxAttempts;
    this.uniqueKey = uniqueKey;
    this.key = key;
  }

  static <P> NewJob<P> of(JobType<P> type, P payload) {
    return new NewJob<>(
        type,
        Objects.requireNonNull(payload, "payload"),
        type.queue(),
        0,
        null,
        null,
        type.maxAttempts(),
        null,
        null);
  }

  /**
   * Another queue than the type's.
   *
   * @param name 1 to 100 characters
   * @return a new job
   */
  public NewJob<P> queue(String name) {
    String checked = JobType.named("queue", name);
    return new NewJob<>(
        type, payload, checked, priority, runAt, delay, maxAttempts, uniqueKey, key);
  }

  /**
   * Higher goes first.
   *
   * @param newPriority any number; default 0
   * @return a new job
   */
  public NewJob<P> priority(int newPriority) {
    return new NewJob<>(
        type, payload, queue, newPriority, runAt, delay, maxAttempts, uniqueKey, key);
  }

  /**
   * Not before this time, by the wall clock.
   *
   * @param time a time; in the past it means now
   * @return a new job
   */
  public NewJob<P> runAt(Instant time) {
    Objects.requireNonNull(time, "time");
    return new NewJob<>(type, payload, queue, priority, time, null, maxAttempts, uniqueKey, key);
  }

  /**
   * Not before this time has passed.
   *
   * @param time not negative
   * @return a new job
   */
  public NewJob<P> delay(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("A delay is not negative: " + time);
    }
    return new NewJob<>(type, payload, queue, priority, null, time, maxAttempts, uniqueKey, key);
  }

  /**
   * Another number of attempts than the type's.
   *
   * @param attempts at least 1
   * @return a new job
   */
  public NewJob<P> maxAttempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("At least 1 attempt is needed, not " + attempts);
    }
    return new NewJob<>(type, payload, queue, priority, runAt, delay, attempts, uniqueKey, key);
  }

  /**
   * While an unfinished job has this key, another with it is not enqueued: {@link
   * Enqueued#duplicate()} tells. The key is one space for all queues and types.
   *
   * @param newKey the key
   * @return a new job
   */
  public NewJob<P> uniqueKey(String newKey) {
    Objects.requireNonNull(newKey, "key");
    return new NewJob<>(type, payload, queue, priority, runAt, delay, maxAttempts, newKey, key);
  }

  /**
   * What the job works on, for example a host: workers can limit how many jobs of one key run at
   * once, and leave a failing key alone.
   *
   * @param newKey the key
   * @return a new job
   */
  public NewJob<P> key(String newKey) {
    Objects.requireNonNull(newKey, "key");
    return new NewJob<>(
        type, payload, queue, priority, runAt, delay, maxAttempts, uniqueKey, newKey);
  }

  /** What is written, with everything that can fail already done. */
  JobRow row(long now) {
    long wait = delay == null ? 0 : delay.toMillis();
    long due = runAt == null ? now + wait : runAt.toEpochMilli();
    return new JobRow(
        queue,
        type.name(),
        due > now ? JobState.SCHEDULED : JobState.AVAILABLE,
        priority,
        Math.max(due, runAt == null ? now : due),
        wait > 0 ? wait : null,
        maxAttempts,
        type.encode(payload),
        uniqueKey,
        key,
        now);
  }
}
