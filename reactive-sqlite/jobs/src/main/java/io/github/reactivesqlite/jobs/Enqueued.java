package io.github.reactivesqlite.jobs;

/**
 * The answer to an enqueue.
 *
 * @param id the job's id; of the job that was there before, if this is a duplicate
 * @param duplicate whether an unfinished job with the same unique key was there, so that nothing
 *     was written
 */
public record Enqueued(long id, boolean duplicate) {}
