package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.JobsOptions;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Jobs in the main database, when their module is on the class path. */
@AutoConfiguration(after = SqliteAutoConfiguration.class)
@ConditionalOnClass(Jobs.class)
@ConditionalOnSingleCandidate(TransactionAwareDatabase.class)
@ConditionalOnBooleanProperty(name = "reactive-sqlite.jobs.enabled", matchIfMissing = true)
@EnableConfigurationProperties(JobsProperties.class)
public final class SqliteJobsAutoConfiguration {

  /** Called by the context. */
  public SqliteJobsAutoConfiguration() {}

  /** Enqueueing joins the transaction around it, since the jobs write through the view. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Jobs sqliteJobs(
      TransactionAwareDatabase database,
      JobsProperties properties,
      ObjectProvider<MeterRegistry> meterRegistry,
      ObjectProvider<JobsOptionsCustomizer> customizers) {
    JobsOptions options = properties.options();
    MeterRegistry registry = meterRegistry.getIfUnique();
    if (registry != null) {
      options = options.meterRegistry(registry);
    }
    for (JobsOptionsCustomizer customizer : customizers.orderedStream().toList()) {
      options = customizer.customize(options);
    }
    Jobs jobs = Jobs.of(database, options);
    try {
      jobs.migrate().block(properties.migrateTime());
      return jobs;
    } catch (RuntimeException failed) {
      jobs.close();
      throw failed;
    }
  }

  @Bean
  JobWorkersLifecycle sqliteJobWorkers(
      Jobs jobs, ObjectProvider<JobWorkers> workers, JobsProperties properties) {
    return new JobWorkersLifecycle(
        jobs, workers.orderedStream().toList(), properties.stopTime(), properties.startsWorkers());
  }
}
