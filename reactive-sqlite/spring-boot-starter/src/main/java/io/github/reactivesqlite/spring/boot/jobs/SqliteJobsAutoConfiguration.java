package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.JobsOptions;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** Jobs in the main database, or the one that is named, when their module is on the class path. */
@AutoConfiguration(after = SqliteAutoConfiguration.class)
@ConditionalOnClass(Jobs.class)
@Conditional(SqliteJobsAutoConfiguration.OnDatabase.class)
@ConditionalOnBooleanProperty(name = "reactive-sqlite.jobs.enabled", matchIfMissing = true)
@EnableConfigurationProperties(JobsProperties.class)
public final class SqliteJobsAutoConfiguration {

  private static final String JOBS = "sqliteJobs";

  /** Called by the context. */
  public SqliteJobsAutoConfiguration() {}

  /** Making the tables waits for them, which it must not do on the thread of a first request. */
  @Bean
  static LazyInitializationExcludeFilter sqliteJobsAreMadeAtStart() {
    return LazyInitializationExcludeFilter.forBeanTypes(Jobs.class);
  }

  /** Enqueueing joins the transaction around it, since the jobs write through the view. */
  @Bean(name = JOBS, destroyMethod = "close")
  @ConditionalOnMissingBean
  Jobs sqliteJobs(
      ConfigurableListableBeanFactory beans,
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
    JobsDatabase database = JobsDatabase.find(properties.database(), beans);
    TransactionAwareDatabase view = beans.getBean(database.bean(), TransactionAwareDatabase.class);
    beans.registerDependentBean(database.bean(), JOBS);
    Jobs jobs = Jobs.of(view, options);
    try {
      migrate(jobs, properties.migrateTime());
      return jobs;
    } catch (RuntimeException failed) {
      jobs.close();
      throw new JobsStartException(database, Exceptions.unwrap(failed));
    }
  }

  private static void migrate(Jobs jobs, Duration time) {
    Mono<Void> late =
        Mono.error(
            () -> new TimeoutException("this did not end within " + time.toMillis() + " ms"));
    jobs.migrate().timeout(time, late).block();
  }

  /** Whoever makes several Jobs has one of them here only if there are workers to be started. */
  @Bean
  JobWorkersLifecycle sqliteJobWorkers(
      ObjectProvider<Jobs> jobs, ObjectProvider<JobWorkers> workers, JobsProperties properties) {
    return new JobWorkersLifecycle(
        jobs::getObject,
        workers.orderedStream().toList(),
        properties.stopTime(),
        properties.startsWorkers());
  }

  /**
   * A database, which gets its view if it is the only one, or a view of one that is no bean, or
   * jobs that the application has made itself and whose workers are to be started.
   */
  static final class OnDatabase extends AnyNestedCondition {

    OnDatabase() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnBean(SqliteDatabase.class)
    @ConditionalOnBooleanProperty(name = "reactive-sqlite.enabled", matchIfMissing = true)
    static final class Opened {}

    @ConditionalOnBean(TransactionAwareDatabase.class)
    static final class Viewed {}

    @ConditionalOnBean(Jobs.class)
    static final class Made {}
  }
}
