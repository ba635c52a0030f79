package io.github.reactivesqlite.jobs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * A kind of job: its name in the table, its payload, and how its attempts are treated. Immutable;
 * every setter returns a new one. Name and payload must be the same wherever the type is enqueued
 * and handled; the rest belongs to the side that uses it.
 *
 * @param <P> the type of the payload
 */
public final class JobType<P> {

  /** The queue of jobs that name none. */
  public static final String DEFAULT_QUEUE = "default";

  /** Attempts before a failing job is discarded. */
  public static final int DEFAULT_MAX_ATTEMPTS = 20;

  /** How long one attempt may take. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(15);

  /** The longest payload, in bytes of UTF-8. */
  public static final int DEFAULT_MAX_PAYLOAD_BYTES = 64 * 1024;

  private static final int MAX_NAME = 100;

  private final String name;
  private final PayloadCodec<P> codec;
  private final String queue;
  private final int maxAttempts;
  private final Duration timeout;
  private final Backoff backoff;
  private final int maxPayloadBytes;

  private JobType(
      String name,
      PayloadCodec<P> codec,
      String queue,
      int maxAttempts,
      Duration timeout,
      Backoff backoff,
      int maxPayloadBytes) {
    this.name = name;
    this.codec = codec;
    this.queue = queue;
    this.maxAttempts = maxAttempts;
    this.timeout = timeout;
    this.backoff = backoff;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  /**
   * A type with all defaults.
   *
   * @param name 1 to 100 characters, for example "transcribe"
   * @param codec writes and reads payloads
   * @param <P> the type of the payload
   * @return the type
   * @throws IllegalArgumentException if the name is blank or too long
   */
  public static <P> JobType<P> of(String name, PayloadCodec<P> codec) {
    return new JobType<>(
        named("type", name),
        Objects.requireNonNull(codec, "codec"),
        DEFAULT_QUEUE,
        DEFAULT_MAX_ATTEMPTS,
        DEFAULT_TIMEOUT,
        Backoff.DEFAULT,
        DEFAULT_MAX_PAYLOAD_BYTES);
  }

  static String named(String what, String name) {
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "The name of a " + what + " has 1 to " + MAX_NAME + " characters");
    }
    return name;
  }

  /**
   * The queue that its jobs go to.
   *
   * @param newQueue 1 to 100 characters; default "default"
   * @return a new type
   */
  public JobType<P> queue(String newQueue) {
    return new JobType<>(
        name, codec, named("queue", newQueue), maxAttempts, timeout, backoff, maxPayloadBytes);
  }

  /**
   * How often a job is tried before it is discarded. Stored with each job when it is enqueued.
   *
   * @param attempts at least 1; default 20
   * @return a new type
   */
  public JobType<P> maxAttempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("At least 1 attempt is needed, not " + attempts);
    }
    return new JobType<>(name, codec, queue, attempts, timeout, backoff, maxPayloadBytes);
  }

  /**
   * How long one attempt may take. Then the handler is cancelled and the attempt has failed.
   * Counted by the worker's monotonic clock.
   *
   * @param limit positive; default 15 min
   * @return a new type
   */
  public JobType<P> timeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("A positive time is needed, not " + limit);
    }
    return new JobType<>(name, codec, queue, maxAttempts, limit, backoff, maxPayloadBytes);
  }

  /**
   * The pauses between attempts.
   *
   * @param newBackoff the pauses; default {@link Backoff#DEFAULT}
   * @return a new type
   */
  public JobType<P> backoff(Backoff newBackoff) {
    return new JobType<>(
        name,
        codec,
        queue,
        maxAttempts,
        timeout,
        Objects.requireNonNull(newBackoff, "backoff"),
        maxPayloadBytes);
  }

  /**
   * The longest payload; a longer one fails with {@link PayloadTooLargeException}.
   *
   * @param bytes in UTF-8, at least 1; default 65,536
   * @return a new type
   */
  public JobType<P> maxPayloadBytes(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("At least 1 byte is needed, not " + bytes);
    }
    return new JobType<>(name, codec, queue, maxAttempts, timeout, backoff, bytes);
  }

  /**
   * A job of this type, to be enqueued.
   *
   * @param payload what the handler gets
   * @return a job due now
   */
  public NewJob<P> job(P payload) {
    return NewJob.of(this, payload);
  }

  String encode(P payload) {
    String text;
    try {
      text = Objects.requireNonNull(codec.encode(payload), "the codec's text");
    } catch (Exception e) {
      throw new JobException("The codec of job type " + name + " could not write a payload", e);
    }
    // A char has one byte of UTF-8 at least and three at most: only what lies between is counted
    if (text.length() > maxPayloadBytes / 3) {
      int bytes = text.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > maxPayloadBytes) {
        throw new PayloadTooLargeException(name, bytes, maxPayloadBytes);
      }
    }
    return text;
  }

  P decode(String text) {
    try {
      return Objects.requireNonNull(codec.decode(text), "the codec's payload");
    } catch (Exception e) {
      throw new JobException("The codec of job type " + name + " could not read a payload", e);
    }
  }

  /**
   * Its name.
   *
   * @return as in the table
   */
  public String name() {
    return name;
  }

  /**
   * The queue that its jobs go to.
   *
   * @return the queue's name
   */
  public String queue() {
    return queue;
  }

  int maxAttempts() {
    return maxAttempts;
  }

  Duration timeout() {
    return timeout;
  }

  Backoff backoff() {
    return backoff;
  }
}
