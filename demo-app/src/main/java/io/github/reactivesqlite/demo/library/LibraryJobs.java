package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.JobsOptions;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The jobs in the library's database. */
@Configuration(proxyBeanMethods = false)
class LibraryJobs {

  private static final Duration MIGRATION_TIME = Duration.ofMinutes(2);
  private static final Duration RETENTION = Duration.ofDays(1);

  @Bean(destroyMethod = "close")
  Jobs jobs(
      SqliteDatabase database, MeterRegistry registry, Function<Throwable, String> jobErrorText) {
    JobsOptions options =
        JobsOptions.defaults()
            .meterRegistry(registry)
            .retention(RETENTION)
            .errorText(jobErrorText);
    Jobs jobs = Jobs.of(database, options);
    jobs.migrate().block(MIGRATION_TIME);
    return jobs;
  }
}
