package io.github.reactivesqlite.jobs;

import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, newest first. Immutable; every setter returns a new one.
 *
 * @param queue only this queue, or null for all
 * @param type only this type, or null for all
 * @param state only this state, or null for all
 * @param beforeId only ids below this one, for the next page; {@code Long.MAX_VALUE} for the first
 * @param limit how many at most, 1 to 1,000
 */
public record JobFilter(
    @Nullable String queue,
    @Nullable String type,
    @Nullable JobState state,
    long beforeId,
    int limit) {

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public JobFilter {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("1 to 1,000 jobs, not " + limit);
    }
  }

  /**
   * The newest hundred.
   *
   * @return a filter without conditions
   */
  public static JobFilter all() {
    return new JobFilter(null, null, null, Long.MAX_VALUE, 100);
  }

  /**
   * Only one queue.
   *
   * @param name the queue
   * @return a new filter
   */
  public JobFilter inQueue(String name) {
    return new JobFilter(name, type, state, beforeId, limit);
  }

  /**
   * Only one type.
   *
   * @param name the type
   * @return a new filter
   */
  public JobFilter ofType(String name) {
    return new JobFilter(queue, name, state, beforeId, limit);
  }

  /**
   * Only one state.
   *
   * @param wanted the state
   * @return a new filter
   */
  public JobFilter inState(JobState wanted) {
    return new JobFilter(queue, type, wanted, beforeId, limit);
  }

  /**
   * The page after a job.
   *
   * @param id the last one of the page before
   * @return a new filter
   */
  public JobFilter before(long id) {
    return new JobFilter(queue, type, state, id, limit);
  }

  /**
   * Another size of the page.
   *
   * @param jobs 1 to 1,000
   * @return a new filter
   */
  public JobFilter limit(int jobs) {
    return new JobFilter(queue, type, state, beforeId, jobs);
  }
}
