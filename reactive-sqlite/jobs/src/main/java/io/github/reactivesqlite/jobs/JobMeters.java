package io.github.reactivesqlite.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter of the module, named here. Without a registry nothing is counted. */
final class JobMeters {

  private static final Logger LOG = LoggerFactory.getLogger(JobMeters.class);

  private final @Nullable MeterRegistry registry;
  private final AtomicInteger running = new AtomicInteger();

  JobMeters(@Nullable MeterRegistry registry) {
    this.registry = registry;
    if (registry != null) {
      Gauge.builder("jobs.running", running, AtomicInteger::get)
          .description("Handlers that are executing in this process")
          .strongReference(true)
          .register(registry);
    }
  }

  void enqueued(String queue, String type) {
    record(
        to ->
            Counter.builder("jobs.enqueued")
                .description("Jobs that were added")
                .tags("queue", queue, "type", type)
                .register(to)
                .increment());
  }

  void started(ClaimedJob job, long waitMillis) {
    running.incrementAndGet();
    record(
        to ->
            Timer.builder("jobs.wait")
                .description("From when a job was due until a worker started it")
                .tags("queue", job.queue(), "type", job.type())
                .register(to)
                .record(Duration.ofMillis(Math.max(0, waitMillis))));
  }

  void ended(ClaimedJob job, String outcome, long nanos) {
    running.decrementAndGet();
    record(
        to ->
            Timer.builder("jobs.execution")
                .description("How long handlers ran, by what came of it")
                .tags("queue", job.queue(), "type", job.type(), "outcome", outcome)
                .register(to)
                .record(Duration.ofNanos(nanos)));
  }

  void rescued(int jobs) {
    record(
        to ->
            Counter.builder("jobs.rescued")
                .description("Jobs whose lease ran out and that came back")
                .register(to)
                .increment(jobs));
  }

  void claimed(String queue, int jobs) {
    record(
        to ->
            DistributionSummary.builder("jobs.claim.size")
                .description("Jobs per claim")
                .tag("queue", queue)
                .register(to)
                .record(jobs));
  }

  void flushed(int outcomes) {
    record(
        to ->
            DistributionSummary.builder("jobs.flush.size")
                .description("Outcomes that were written together")
                .register(to)
                .record(outcomes));
  }

  /** A write of the machinery failed, and is tried again. */
  void failed(String what) {
    record(
        to ->
            Counter.builder("jobs.errors")
                .description("Claims, heartbeats and other writes of the workers that failed")
                .tag("operation", what)
                .register(to)
                .increment());
  }

  /** A registry that refuses a meter must not stop the workers. */
  private void record(Consumer<MeterRegistry> meter) {
    if (registry != null) {
      try {
        meter.accept(registry);
      } catch (RuntimeException refused) {
        LOG.debug("A meter of the jobs was refused", refused);
      }
    }
  }
}
