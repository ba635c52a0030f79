package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.demo.scan.ScanReport.Problem;
import io.github.reactivesqlite.demo.scan.ScanReport.Reading;
import io.github.reactivesqlite.jobs.JobFilter;
import io.github.reactivesqlite.jobs.JobInfo;
import io.github.reactivesqlite.jobs.JobState;
import io.github.reactivesqlite.jobs.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Says how far the latest scan is: once, or again whenever something happened. */
@Component
public class ScanProgress {

  private static final Duration PACE = Duration.ofMillis(250);
  private static final int MOST_READING = 3;
  private static final int MOST_PROBLEMS = 20;

  private final ReactiveDatabase database;
  private final Jobs jobs;
  private final InFlight inFlight;
  private final Flux<ScanReport> live;

  ScanProgress(ReactiveDatabase database, Jobs jobs, InFlight inFlight) {
    this.database = database.with(OperationOptions.labelled("scan-progress"));
    this.jobs = jobs;
    this.inFlight = inFlight;
    // One read for all browsers
    this.live = Shared.latest(rows().concatMap(this::report, 1));
  }

  /**
   * How far it is now.
   *
   * @return its figures
   */
  public Mono<ScanReport> report() {
    return database
        .query(ScanRow.LATEST)
        .mapTo(ScanRow.class)
        .all()
        .collectList()
        .flatMap(this::report);
  }

  /**
   * How far it is now, and again when that has changed, four times a second at most.
   *
   * @return its figures; endless
   */
  public Flux<ScanReport> live() {
    return live.onBackpressureLatest();
  }

  /** The latest scan and the state of its jobs, and again after each change. */
  Flux<List<ScanRow>> rows() {
    return database
        .with(OperationOptions.none().liveInterval(PACE))
        .query(ScanRow.LATEST)
        .mapTo(ScanRow.class)
        .live();
  }

  private Mono<ScanReport> report(List<ScanRow> rows) {
    if (rows.isEmpty()) {
      return jobs.queue(ScanJobs.QUEUE).isPaused().map(paused -> ScanRow.none(inFlight, paused));
    }
    ScanRow row = rows.get(0);
    Mono<List<Reading>> reading = row.running() == 0 ? Mono.just(List.of()) : reading();
    Mono<List<Problem>> problems = row.hasProblems() ? problems() : Mono.just(List.of());
    return Mono.zip(reading, problems)
        .map(both -> row.report(Instant.now(), inFlight, both.getT1(), both.getT2()));
  }

  private Mono<List<Reading>> reading() {
    return jobs.list(inState(ScanJobs.QUEUE, JobState.RUNNING, ScanJobs.CONCURRENCY))
        .filter(job -> job.progress() != null && job.key() != null)
        .map(job -> new Reading(String.valueOf(job.key()), progressOf(job)))
        .take(MOST_READING)
        .collectList();
  }

  private static double progressOf(JobInfo job) {
    Double progress = job.progress();
    return progress == null ? 0 : progress;
  }

  private Mono<List<Problem>> problems() {
    return Flux.just(ScanJobs.LISTING_QUEUE, ScanJobs.QUEUE)
        .concatMap(
            queue ->
                Flux.concat(
                    jobs.list(inState(queue, JobState.DISCARDED, MOST_PROBLEMS)),
                    jobs.list(inState(queue, JobState.RETRYABLE, MOST_PROBLEMS))))
        .take(MOST_PROBLEMS)
        .map(
            job ->
                new Problem(
                    String.valueOf(job.key()),
                    String.valueOf(job.error()),
                    job.attempt(),
                    job.state() == JobState.RETRYABLE))
        .collectList();
  }

  private static JobFilter inState(String queue, JobState state, int limit) {
    return JobFilter.all().inQueue(queue).inState(state).limit(limit);
  }
}
