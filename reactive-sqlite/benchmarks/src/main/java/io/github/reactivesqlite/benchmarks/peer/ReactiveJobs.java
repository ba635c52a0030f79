package io.github.reactivesqlite.benchmarks.peer;

import io.github.reactivesqlite.jobs.JobType;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.JobsOptions;
import io.github.reactivesqlite.jobs.PayloadCodec;
import io.github.reactivesqlite.jobs.Workers;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The jobs of the library: its defaults, a meter registry, and as many workers as it takes. */
final class ReactiveJobs implements JobsPeer {

  private static final JobType<String> EMPTY = JobType.of("empty", PayloadCodec.text());
  private static final int CHUNK = 500;
  private static final int WORKERS = 256;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SqliteDatabase database;
  private final Jobs jobs;
  private final Runnable handler;
  private @Nullable Workers workers;

  ReactiveJobs(PeerSettings settings, Runnable handler) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    this.handler = handler;
    this.database =
        SqliteDatabase.builder(settings.file())
            .config(config -> config.durability(settings.durability()).meterRegistry(registry))
            .build();
    this.jobs = Jobs.of(database, JobsOptions.defaults().meterRegistry(registry));
    jobs.migrate().block(PATIENCE);
  }

  @Override
  public void enqueue(int count) {
    Flux.range(0, (count + CHUNK - 1) / CHUNK)
        .flatMap(
            chunk ->
                jobs.enqueueAll(
                    IntStream.range(chunk * CHUNK, Math.min(count, (chunk + 1) * CHUNK))
                        .mapToObj(number -> EMPTY.job(Integer.toString(number)))
                        .toList()),
            4)
        .blockLast(PATIENCE);
  }

  @Override
  public void enqueueOne() {
    jobs.enqueue(EMPTY.job("one")).block(PATIENCE);
  }

  @Override
  public void start() {
    workers =
        jobs.queue()
            .workers()
            .handle(EMPTY, job -> Mono.fromRunnable(handler))
            .concurrency(WORKERS)
            .start();
  }

  @Override
  public String unfinished() {
    return "SELECT count(*) FROM jobs_job WHERE state <> 'completed'";
  }

  @Override
  public void close() {
    if (workers != null) {
      workers.stop().block(PATIENCE);
    }
    jobs.close();
    database.close();
  }
}
