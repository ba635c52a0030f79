package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.WriteUnit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One attempt at a job, as its handler sees it. The methods that end the attempt are lazy; the
 * first one that is subscribed to ends it, and the handler's own completion then adds nothing.
 * Their results arrive on the database's result scheduler.
 *
 * @param <P> the type of the payload
 */
public interface JobContext<P> {

  /**
   * The job.
   *
   * @return its id
   */
  long jobId();

  /**
   * What is to be done.
   *
   * @return the payload
   */
  P payload();

  /**
   * Which attempt this is.
   *
   * @return counted from 1
   */
  int attempt();

  /**
   * How many attempts there are at most.
   *
   * @return at least 1
   */
  int maxAttempts();

  /**
   * What the job works on.
   *
   * @return the key it was enqueued with, or null
   */
  @Nullable String key();

  /**
   * The fencing token of this attempt. A later attempt has another one: pass it on where something
   * outside the database can tell them apart.
   *
   * @return unique per attempt
   */
  long token();

  /**
   * Completes the job and writes rows of the handler's own in one unit: both or neither. While the
   * lock or the queue is taken it is tried again until the lease has run out. If another attempt
   * owns the job by now, it fails with {@link LeaseLostException} and nothing is written. If it
   * fails otherwise, the job is still running and the handler decides what comes next.
   *
   * @param unit writes; as in {@link io.github.reactivesqlite.ReactiveDatabase#write}
   * @param <T> the type of the unit's result
   * @return the unit's result, after the COMMIT
   */
  <T> Mono<T> completeWith(WriteUnit<T> unit);

  /**
   * Puts the job back until later. The attempt does not count.
   *
   * @param time how long, at least 0
   * @return completes when it is durable
   */
  Mono<Void> snooze(Duration time);

  /**
   * Ends the job as discarded, without further attempts.
   *
   * @param reason stored as its error
   * @return completes when it is durable
   */
  Mono<Void> discard(String reason);

  /**
   * Ends the job as cancelled.
   *
   * @return completes when it is durable
   */
  Mono<Void> cancel();

  /**
   * Reports how far the attempt is. Written with the outcomes of other jobs, so it is cheap.
   *
   * @param part from 0 to 1
   * @param note for people, cut after 1,000 characters; may be null
   * @return completes when it is durable
   */
  Mono<Void> progress(double part, @Nullable String note);
}
