package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.spring.boot.jobs.JobWorkers;
import io.github.reactivesqlite.spring.boot.jobs.JobsOptionsCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Who does the jobs of scans, from the start of the application to its end, and what they record.
 */
@Configuration(proxyBeanMethods = false)
class ScanJobsConfiguration {

  @Bean
  JobWorkers scanWorkers(FileIndexing indexing) {
    return jobs ->
        jobs.queue(ScanJobs.QUEUE)
            .workers()
            .handle(ScanJobs.INDEX, indexing::index)
            .handle(ScanJobs.REMOVE, indexing::remove)
            .concurrency(ScanJobs.CONCURRENCY);
  }

  @Bean
  JobWorkers listingWorkers(Listing listing) {
    return jobs ->
        jobs.queue(ScanJobs.LISTING_QUEUE)
            .workers()
            .handle(ScanJobs.LIST, listing::list)
            .concurrency(1);
  }

  /** Failures are recorded in our own words: a message of the system may name any path. */
  @Bean
  JobsOptionsCustomizer scanErrorTexts() {
    return options -> options.errorText(ScanErrors::text);
  }
}
