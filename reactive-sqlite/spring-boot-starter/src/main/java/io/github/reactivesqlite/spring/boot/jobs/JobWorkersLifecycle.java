package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;

/**
 * Starts all workers with the context and stops them with it, in the phase in which a web server
 * finishes its requests: neither waits for the other, and the database is open until both are done.
 */
final class JobWorkersLifecycle implements SmartLifecycle {

  /** That of Spring Boot's graceful shutdown of web servers. */
  static final int PHASE = DEFAULT_PHASE - 1024;

  private static final Logger LOG = LoggerFactory.getLogger(JobWorkersLifecycle.class);
  private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(30);

  private final Supplier<Jobs> jobs;
  private final List<JobWorkers> described;
  private final Duration stopTimeout;
  private final boolean autoStart;
  private final List<Workers> started = new ArrayList<>();
  private volatile boolean running;

  JobWorkersLifecycle(
      Supplier<Jobs> jobs, List<JobWorkers> described, Duration stopTimeout, boolean autoStart) {
    this.jobs = jobs;
    this.described = described;
    this.stopTimeout = stopTimeout;
    this.autoStart = autoStart;
  }

  @Override
  public boolean isAutoStartup() {
    return autoStart;
  }

  @Override
  public synchronized void start() {
    if (!running) {
      running = true;
      described.forEach(workers -> started.add(workers.workers(jobs.get()).start()));
    }
  }

  @Override
  public void stop(Runnable callback) {
    stopping().doFinally(signal -> callback.run()).subscribe(done -> {}, this::notStopped);
  }

  @Override
  public void stop() {
    try {
      stopping().blockLast(stopTimeout.plus(ACKNOWLEDGED_WITHIN));
    } catch (RuntimeException failed) {
      notStopped(failed);
    }
  }

  private void notStopped(Throwable failed) {
    LOG.warn("Workers did not stop in order; their jobs come back when their lease ends", failed);
  }

  private synchronized Flux<Void> stopping() {
    List<Workers> stopped = List.copyOf(started);
    started.clear();
    running = false;
    // Whoever waits for this closes the database next: it waits for all, also when one fails
    return Flux.fromIterable(stopped)
        .flatMapDelayError(workers -> workers.stop(stopTimeout), 256, 32);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
