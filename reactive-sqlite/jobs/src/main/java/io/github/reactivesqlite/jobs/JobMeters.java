package io.github.reactivesqlite.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Every meter of the module, named here. Without a registry nothing is counted. */
final class JobMeters {

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
    if (registry != null) {
      counter(registry, "jobs.enqueued", queue, type).increment();
    }
  }

  void started(ClaimedJob job, long waitMillis) {
    running.incrementAndGet();
    if (registry != null) {
      Timer.builder("jobs.wait")
          .description("From when a job was due until a worker started it")
          .tags("queue", job.queue(), "type", job.type())
          .register(registry)
          .record(Duration.ofMillis(Math.max(0, waitMillis)));
    }
  }

  void ended(ClaimedJob job, String outcome, long nanos) {
    running.decrementAndGet();
    if (registry != null) {
      Timer.builder("jobs.execution")
          .description("How long handlers ran, by what came of it")
          .tags("queue", job.queue(), "type", job.type(), "outcome", outcome)
          .register(registry)
          .record(Duration.ofNanos(nanos));
    }
  }

  void rescued(int jobs) {
    if (registry != null && jobs > 0) {
      Counter.builder("jobs.rescued")
          .description("Jobs whose lease ran out and that came back")
          .register(registry)
          .increment(jobs);
    }
  }

  void claimed(String queue, int jobs) {
    if (registry != null) {
      DistributionSummary.builder("jobs.claim.size")
          .description("Jobs per claim")
          .tag("queue", queue)
          .register(registry)
          .record(jobs);
    }
  }

  void flushed(int outcomes) {
    if (registry != null) {
      DistributionSummary.builder("jobs.flush.size")
          .description("Outcomes that were written together")
          .register(registry)
          .record(outcomes);
    }
  }

  /** A write of the machinery failed, and is tried again. */
  void failed(String what) {
    if (registry != null) {
      Counter.builder("jobs.errors")
          .description("Claims, heartbeats and other writes of the workers that failed")
          .tag("operation", what)
          .register(registry)
          .increment();
    }
  }

  private static Counter counter(MeterRegistry registry, String name, String queue, String type) {
    return Counter.builder(name).tags("queue", queue, "type", type).register(registry);
  }
}
