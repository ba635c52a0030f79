package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.Workers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The workers that do the jobs of scans, from the application's start to its end. */
@Component
class ScanWorkers implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(ScanWorkers.class);
  private static final Duration HANDLERS_MAY_END = Duration.ofSeconds(2);
  private static final Duration STOP_TIME = Duration.ofSeconds(10);

  private final Jobs jobs;
  private final FileIndexing indexing;
  private @Nullable Workers workers;

  ScanWorkers(Jobs jobs, FileIndexing indexing) {
    this.jobs = jobs;
    this.indexing = indexing;
  }

  @Override
  public synchronized void start() {
    workers =
        jobs.queue(ScanJobs.QUEUE)
            .workers()
            .handle(ScanJobs.INDEX, indexing::index)
            .handle(ScanJobs.REMOVE, indexing::remove)
            .concurrency(ScanJobs.CONCURRENCY)
            .start();
  }

  /** Files under way are finished or handed back; the others wait for the next start. */
  @Override
  public synchronized void stop() {
    if (workers != null) {
      try {
        workers.stop(HANDLERS_MAY_END).block(STOP_TIME);
      } catch (RuntimeException e) {
        LOG.warn("The workers did not stop in time; their jobs come back: {}", e.toString());
      }
      workers = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return workers != null;
  }
}
