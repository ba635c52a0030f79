package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.ChildJvm;
import io.github.reactivesqlite.demo.lab.LabChild;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Trial;
import io.github.reactivesqlite.jobs.Backoff;
import io.github.reactivesqlite.jobs.JobContext;
import io.github.reactivesqlite.jobs.JobState;
import io.github.reactivesqlite.jobs.JobType;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.JobsOptions;
import io.github.reactivesqlite.jobs.PayloadCodec;
import io.github.reactivesqlite.jobs.Workers;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The transcripts on the jobs of reactive-sqlite. */
final class TranscriptsOnLibrary implements Step.Side {

  private static final JobType<String> TRANSCRIBE =
      JobType.of("transcribe", PayloadCodec.text())
          .maxAttempts(3)
          .backoff(Backoff.fixed(Duration.ofMillis(50)));

  private static final Duration BOUND = MeasuredDatabase.BOUND;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SAMPLE = Duration.ofMillis(100);

  /** Well below what the lab waits for a side; it takes seconds where nothing else is going on. */
  private static final Duration FINISHING = Duration.ofSeconds(60);

  /** For a process that is slow to take jobs of the last burst. */
  private static final Duration LAST_CHANCE = Duration.ofSeconds(10);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  /** How long the queue is watched after the end of the first of two pauses. */
  private static final Duration STILL_PAUSED = Duration.ofMillis(150);

  /** Jobs whose process is gone come back within one lease and a half. */
  private static Duration lease(Trial trial) {
    long fifth = trial.duration().toMillis() / 5;
    return Duration.ofMillis(Math.max(500, Math.min(fifth, 2_000)));
  }

  @Override
  public void run(Trial trial) throws Exception {
    Path file = trial.file("transcripts.db");
    trial.tally().add(Metric.OUTCOMES_LOST, 0);
    trial.tally().add(Metric.STARTED_IN_PAUSE, 0);
    try (TranscriptService service = new TranscriptService(trial);
        MeasuredDatabase measured = MeasuredDatabase.open(file, trial.tally());
        Jobs jobs = Jobs.of(measured.db(), options(measured, lease(trial), Transcripts.PARENT))) {
      SqliteDatabase db = measured.db();
      jobs.migrate()
          .then(
              db.script(
                  "CREATE TABLE episode (id INTEGER PRIMARY KEY);"
                      + " CREATE TABLE transcript (episode INTEGER NOT NULL, text TEXT NOT NULL)"))
          .block(BOUND);
      measured.begin();
      try (ChildJvm other =
          trial.child(
              Transcripts.ROLE_AFTER,
              file,
              trial.workers(),
              service.port(),
              trial.duration().toMillis(),
              lease(trial).toMillis())) {
        other.awaitReady();
        trial.begin();
        other.go();
        work(trial, measured, jobs, service, other);
        trial.end();
      }
      count(trial, measured);
    }
  }

  private static JobsOptions options(MeasuredDatabase measured, Duration lease, String worker) {
    return JobsOptions.defaults()
        .lease(lease)
        .pollInterval(POLL)
        .workerName(worker)
        .meterRegistry(measured.meters());
  }

  private static void work(
      Trial trial, MeasuredDatabase measured, Jobs jobs, TranscriptService service, ChildJvm other)
      throws InterruptedException {
    Workers workers = workers(trial, jobs, service.port(), Transcripts.PARENT);
    Disposable sampling = sample(trial, measured.db()).subscribe();
    boolean killed = false;
    try {
      for (int burst = 0; burst < Transcripts.BURSTS && !trial.cancelled(); burst++) {
        // The last two refreshes overlap, and each pauses the queue
        if (burst == Transcripts.BURSTS - 1) {
          pausedTwice(trial, measured, jobs, service, killed);
        } else {
          refresh(trial, measured, jobs, burst).block(BOUND);
        }
        if (!killed && mayBeKilled(trial, service, burst)) {
          other.kill();
          killed = true;
          orphans(measured.db())
              .doOnNext(rows -> trial.tally().greatest(Metric.ROWS_ORPHANED, rows))
              .block(BOUND);
        }
        trial.pause(Transcripts.betweenBursts(trial));
      }
      awaitFinished(trial, jobs);
    } finally {
      sampling.dispose();
      workers.stop(Duration.ofSeconds(5)).block(BOUND);
    }
  }

  /** Its workers take jobs as long as there are any, so that time is not over before. */
  private static boolean mayBeKilled(Trial trial, TranscriptService service, int burst)
      throws InterruptedException {
    boolean last = burst == Transcripts.BURSTS - 1;
    Duration atMost = last ? LAST_CHANCE : Transcripts.betweenBursts(trial);
    return burst >= Transcripts.KILL_AT
        && (service.awaitInTheMiddle(Transcripts.KILLED, atMost, () -> !trial.cancelled()) || last);
  }

  /** A second process of it, until it is killed. */
  static void child(LabChild child) throws Exception {
    Path file = Path.of(child.argument(0));
    Trial trial = child.trial(file, child.number(1), child.number(3));
    try (MeasuredDatabase measured = MeasuredDatabase.open(file, child.tally());
        Jobs jobs =
            Jobs.of(
                measured.db(),
                options(measured, Duration.ofMillis(child.number(4)), Transcripts.KILLED))) {
      child.awaitGo();
      trial.begin();
      Workers workers = workers(trial, jobs, child.number(2), Transcripts.KILLED);
      while (!trial.cancelled()) {
        trial.pause(SAMPLE);
      }
      workers.stop(Duration.ofSeconds(5)).block(BOUND);
    }
  }

  private static Workers workers(Trial trial, Jobs jobs, int port, String process) {
    HttpClient client = HttpClient.newHttpClient();
    return jobs.queue()
        .workers()
        .concurrency(trial.workers())
        .handle(TRANSCRIBE, job -> transcribe(trial, client, port, process, job))
        .start();
  }

  private static Mono<Void> transcribe(
      Trial trial, HttpClient client, int port, String process, JobContext<String> job) {
    long episode = Long.parseLong(job.payload());
    return Mono.fromFuture(
            () ->
                client.sendAsync(
                    TranscriptService.request(port, episode, process), BodyHandlers.ofString()))
        .flatMap(
            answer ->
                answer.statusCode() == 200
                    ? Mono.just(answer.body())
                    : Mono.error(new IllegalStateException("HTTP " + answer.statusCode())))
        .flatMap(
            text ->
                job.completeWith(
                    session ->
                        session
                            .update("INSERT INTO transcript VALUES (?1, ?2)")
                            .bind(1, episode)
                            .bind(2, text)
                            .execute()))
        .doOnNext(saved -> trial.tally().count(Metric.OPERATIONS))
        .then();
  }

  /** Reads the feed first, then one unit for the episodes and their jobs. */
  private static Mono<Integer> refresh(
      Trial trial, MeasuredDatabase measured, Jobs jobs, int burst) {
    List<Long> episodes = Transcripts.burst(trial, burst);
    return Mono.delay(Transcripts.PARSE.multipliedBy(episodes.size()))
        .then(
            measured
                .db()
                .write(
                    session -> {
                      for (long episode : episodes) {
                        session
                            .update("INSERT INTO episode VALUES (?1)")
                            .bind(1, episode)
                            .execute();
                        jobs.enqueue(session, TRANSCRIBE.job("" + episode));
                      }
                      return episodes.size();
                    }))
        .doOnNext(added -> trial.tally().add(Metric.JOBS, added));
  }

  /** The queue goes on when the second refresh is done, not when the first is. */
  private static void pausedTwice(
      Trial trial,
      MeasuredDatabase measured,
      Jobs jobs,
      TranscriptService service,
      boolean killed) {
    Mono<Integer> first =
        jobs.queue().pausedWhile(refresh(trial, measured, jobs, Transcripts.BURSTS - 1));
    Mono<Long> second =
        jobs.queue()
            .pausedWhile(
                settled(measured.db(), service, killed)
                    .doOnNext(idle -> service.expectNothing(true))
                    .then(first.then(Mono.delay(STILL_PAUSED)))
                    .doOnNext(over -> service.expectNothing(false)));
    second.block(BOUND);
  }

  /**
   * When what had begun before the pause has ended. Rows of a process that is gone stay for a
   * while.
   */
  private static Mono<Boolean> settled(
      SqliteDatabase db, TranscriptService service, boolean killed) {
    return db.query("SELECT count(*) FROM jobs_job WHERE state = 'running' AND worker <> ?1")
        .bind(1, killed ? Transcripts.KILLED : "")
        .mapTo(Long.class)
        .one()
        .map(rows -> rows == 0 && service.isIdle())
        .filter(idle -> idle)
        .repeatWhenEmpty(times -> times.delayElements(LOOK_AGAIN));
  }

  private static Flux<Long> sample(Trial trial, SqliteDatabase db) {
    return Flux.interval(SAMPLE)
        .onBackpressureDrop()
        .concatMap(
            tick ->
                db.query("SELECT count(*) FROM jobs_job WHERE state = 'running'")
                    .mapTo(Long.class)
                    .one()
                    .doOnNext(rows -> trial.tally().greatest(Metric.ROWS_RUNNING, rows)))
        // A sample that is missing changes nothing
        .onErrorComplete();
  }

  private static Mono<Long> orphans(SqliteDatabase db) {
    return db.query("SELECT count(*) FROM jobs_job WHERE state = 'running' AND worker = ?1")
        .bind(1, Transcripts.KILLED)
        .mapTo(Long.class)
        .one();
  }

  private static void awaitFinished(Trial trial, Jobs jobs) throws InterruptedException {
    long deadline = System.nanoTime() + FINISHING.toNanos();
    while (!trial.cancelled() && System.nanoTime() - deadline < 0) {
      Map<JobState, Long> counts = jobs.queue().counts().block(BOUND);
      if (counts != null
          && counts.entrySet().stream().noneMatch(TranscriptsOnLibrary::unfinished)) {
        return;
      }
      trial.pause(SAMPLE);
    }
  }

  private static boolean unfinished(Map.Entry<JobState, Long> count) {
    return !count.getKey().isFinished() && count.getValue() > 0;
  }

  private static void count(Trial trial, MeasuredDatabase measured) {
    SqliteDatabase db = measured.db();
    trial.tally().set(Metric.WORKERS, trial.workers());
    figure(
        trial,
        db,
        Metric.JOBS_ONCE,
        "SELECT count(*) FROM jobs_job WHERE state = 'completed' AND (SELECT count(*) FROM transcript"
            + " WHERE episode = CAST(payload AS INTEGER)) = 1 OR state = 'discarded' AND"
            + " error LIKE '%HTTP%' AND NOT EXISTS (SELECT 1 FROM transcript WHERE episode ="
            + " CAST(payload AS INTEGER))");
    figure(
        trial,
        db,
        Metric.JOBS_TWICE,
        "SELECT count(*) FROM (SELECT 1 FROM transcript GROUP BY episode HAVING count(*) > 1)");
    figure(
        trial,
        db,
        Metric.JOBS_DISCARDED,
        "SELECT count(*) FROM jobs_job WHERE state = 'discarded' AND error LIKE '%HTTP%'");
    figure(
        trial,
        db,
        Metric.JOBS_FAILED_BY_LOCK,
        "SELECT count(*) FROM jobs_job WHERE state = 'discarded' AND error NOT LIKE '%HTTP%'");
    figure(trial, db, Metric.JOBS_STUCK, "SELECT count(*) FROM jobs_job WHERE state = 'running'");
    measured.figures();
    trial.tally().add(Metric.LOCK_ERRORS, measured.stats().lock().failures());
    trial
        .tally()
        .add(
            Metric.OUTCOMES_LOST,
            measured.meters().find("jobs.execution").tag("outcome", "lost").timers().stream()
                .mapToLong(timer -> timer.count())
                .sum());
    trial
        .tally()
        .add(
            Metric.JOBS_RESCUED,
            (long)
                measured.meters().find("jobs.rescued").counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum());
    measured
        .meters()
        .find(MeterNames.WRITER_GROUP_SIZE)
        .summaries()
        .forEach(sizes -> trial.tally().greatest(Metric.UNITS_TOGETHER, sizes.max()));
  }

  private static void figure(Trial trial, SqliteDatabase db, Metric metric, String query) {
    Long value = db.query(query).mapTo(Long.class).one().block(BOUND);
    if (value != null) {
      trial.tally().set(metric, value);
    }
  }
}
