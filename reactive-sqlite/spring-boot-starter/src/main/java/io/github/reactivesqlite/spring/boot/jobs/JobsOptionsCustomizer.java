package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.jobs.JobsOptions;

/** A bean that changes how jobs are run, after their properties were applied. */
@FunctionalInterface
public interface JobsOptionsCustomizer {

  /**
   * Changes the options.
   *
   * @param options as they are
   * @return as they shall be
   */
  JobsOptions customize(JobsOptions options);
}
