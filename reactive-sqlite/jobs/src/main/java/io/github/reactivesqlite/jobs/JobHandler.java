package io.github.reactivesqlite.jobs;

import reactor.core.publisher.Mono;

/**
 * Does what a job is for. It can be called more than once for one job, so it must be idempotent.
 *
 * @param <P> the type of the payload
 */
@FunctionalInterface
public interface JobHandler<P> {

  /**
   * Runs one attempt. Called on the database's result scheduler: blocking work belongs on a
   * scheduler of its own ({@code subscribeOn}). The result is cancelled when the attempt times out,
   * its lease is lost, its job is cancelled or the workers are stopped hard.
   *
   * @param job the attempt
   * @return completes when the job is done; an error means another attempt
   * @throws Exception as an error of the result
   */
  Mono<Void> handle(JobContext<P> job) throws Exception;
}
