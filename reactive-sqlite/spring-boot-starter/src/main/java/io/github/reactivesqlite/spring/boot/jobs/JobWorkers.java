package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.WorkersBuilder;

/**
 * A bean that describes workers of one queue. They start when the context has started and stop when
 * it begins to stop: together with a web server that shuts down gracefully, and before the database
 * closes.
 */
@FunctionalInterface
public interface JobWorkers {

  /**
   * Describes the workers; called each time they are started.
   *
   * @param jobs where the queues are
   * @return what is started, with at least one handler
   */
  WorkersBuilder workers(Jobs jobs);
}
