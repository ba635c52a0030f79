package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.WriteSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Durable jobs in tables of the application's own database. A job is delivered at least once: its
 * handler must be idempotent. Thread-safe; one per database and process is enough. Everything that
 * returns a Mono or Flux is lazy, answers on the database's result scheduler after the COMMIT, and
 * fails with the errors of {@code io.github.reactivesqlite.error}.
 */
public final class Jobs implements AutoCloseable {

  private static final String CANCEL =
      "UPDATE jobs_job SET cancel_requested = 1,"
          + " state = CASE WHEN state = 'running' THEN state ELSE 'cancelled' END,"
          + " finished_at = CASE WHEN state = 'running' THEN NULL ELSE :now END"
          + " WHERE id = :id AND state IN ('available', 'scheduled', 'running', 'retryable')";
  // An unfinished job with the same unique key, or a younger one that comes back too, stays alone.
  // Each condition is said as its index has it: a walk through all jobs would hold the writer.
  private static final String REDRIVE =
      "UPDATE jobs_job SET state = 'available', attempt = 0, run_at = :now, finished_at = NULL,"
          + " cancel_requested = 0, delay_ms = NULL"
          + " WHERE state = 'discarded' AND finished_at IS NOT NULL"
          + " AND NOT EXISTS (SELECT 1 FROM jobs_job o WHERE o.unique_key = jobs_job.unique_key"
          + " AND o.unique_key IS NOT NULL"
          + " AND o.state IN ('available', 'scheduled', 'running', 'retryable'))"
          + " AND NOT EXISTS (SELECT 1 FROM jobs_job o WHERE o.unique_key = jobs_job.unique_key"
          + " AND o.unique_key IS NOT NULL AND o.state = 'discarded' AND o.id > jobs_job.id)";
  static final String REDRIVE_ALL = REDRIVE + " AND queue = :queue";

  private final ReactiveDatabase db;
  private final JobsOptions options;
  private final Engine engine;
  private final Pauses pauses;
  private final JobListing listing;
  private final Recurrences recurrences;

  private Jobs(ReactiveDatabase db, JobsOptions options) {
    this.db = db.with(OperationOptions.labelled("jobs.enqueue"));
    this.options = options;
    this.engine = new Engine(db, options);
    this.pauses = new Pauses(db, options);
    this.listing = new JobListing(db);
    this.recurrences = new Recurrences(db, options);
  }

  /**
   * Jobs with all defaults. Does nothing to the database: call {@link #migrate()} once.
   *
   * @param db where the tables are; stays the caller's to close, after the workers have stopped
   * @return the jobs
   */
  public static Jobs of(ReactiveDatabase db) {
    return of(db, JobsOptions.defaults());
  }

  /**
   * Jobs with options.
   *
   * @param db where the tables are; stays the caller's to close, after the workers have stopped
   * @param options how they are run in this process
   * @return the jobs
   */
  public static Jobs of(ReactiveDatabase db, JobsOptions options) {
    return new Jobs(db, options);
  }

  /**
   * Makes the tables, or brings them up to date. Safe when several processes start together. It may
   * read all jobs, so its {@code executionTimeout} is an hour.
   *
   * @return completes when this version's tables are there
   */
  public Mono<Void> migrate() {
    return Mono.defer(() -> JobsSchema.migrate(db, options.now()));
  }

  /**
   * Adds a job. Free workers of this process start it at once, those of other processes when they
   * see the commit: within {@code foreignChangePolling}, or else within their poll interval.
   *
   * @param job the job
   * @return its id, when it is durable
   */
  public Mono<Enqueued> enqueue(NewJob<?> job) {
    return Mono.defer(
        () -> {
          JobRow row = job.row(options.now());
          return JobInsert.into(db, row).doOnNext(answer -> enqueued(row, answer));
        });
  }

  /**
   * Adds several jobs, all or none.
   *
   * @param jobs some thousands at most: they are one unit, which holds the writer
   * @return their ids in the same order, when they are durable
   */
  public Mono<List<Enqueued>> enqueueAll(Iterable<? extends NewJob<?>> jobs) {
    return Mono.defer(
        () -> {
          long now = options.now();
          List<JobRow> rows = new ArrayList<>();
          jobs.forEach(job -> rows.add(job.row(now)));
          return db.<List<Enqueued>>write(
                  session -> {
                    List<Enqueued> answers = new ArrayList<>();
                    rows.forEach(row -> answers.add(JobInsert.into(session, row)));
                    return answers;
                  })
              .doOnNext(
                  answers -> {
                    for (int i = 0; i < rows.size(); i++) {
                      meter(rows.get(i), answers.get(i));
                    }
                    rows.forEach(this::announce);
                  });
        });
  }

  /**
   * Adds a job inside the caller's transaction: it exists if and when that commits. Free workers
   * start it at once then.
   *
   * @param transaction the open transaction
   * @param job the job
   * @return its id
   */
  public Mono<Enqueued> enqueue(Transaction transaction, NewJob<?> job) {
    return Mono.defer(
        () -> {
          JobRow row = job.row(options.now());
          return JobInsert.into(transaction, row).doOnNext(answer -> insideOther(row, answer));
        });
  }

  /**
   * Adds a job inside the caller's write unit: it exists if and when that commits. Called on the
   * writer's thread, where the codec then runs too.
   *
   * @param session the unit's session
   * @param job the job
   * @return its id
   */
  public Enqueued enqueue(WriteSession session, NewJob<?> job) {
    JobRow row = job.row(options.now());
    Enqueued answer = JobInsert.into(session, row);
    insideOther(row, answer);
    return answer;
  }

  /** The caller commits it, some time or never: whoever listens to commits hears of it. */
  private void insideOther(JobRow row, Enqueued answer) {
    meter(row, answer);
    if (row.delayMillis() != null && !answer.duplicate()) {
      engine.steps().counted(row.now());
    }
  }

  private void enqueued(JobRow row, Enqueued answer) {
    meter(row, answer);
    if (!answer.duplicate()) {
      announce(row);
    }
  }

  private void announce(JobRow row) {
    if (row.delayMillis() != null) {
      engine.waits(row.now(), row.delayMillis());
    } else if (row.state() == JobState.SCHEDULED) {
      engine.dueWithin(Duration.ofMillis(row.runAt() - row.now()));
    }
  }

  private void meter(JobRow row, Enqueued answer) {
    if (!answer.duplicate()) {
      engine.meters().enqueued(row.queue(), row.type());
    }
  }

  /**
   * Adds a recurring job, or changes the one with that name. While workers run anywhere, they
   * enqueue it when it is due; while its last job is unfinished, no other is added. What was missed
   * while nothing ran is made up once.
   *
   * @param name unique among the recurring jobs
   * @param schedule when it is due
   * @param job what is enqueued; its own time and unique key do not count
   * @return completes when it is durable
   */
  public Mono<Void> recurring(String name, Schedule schedule, NewJob<?> job) {
    JobType.named("recurring job", name);
    return Mono.defer(
        () ->
            recurrences
                .save(name, job.row(options.now()), schedule)
                .doOnSuccess(done -> engine.dueWithin(Duration.ZERO)));
  }

  /**
   * Removes a recurring job; a job of it that is enqueued stays.
   *
   * @param name its name
   * @return whether it was there
   */
  public Mono<Boolean> removeRecurring(String name) {
    return recurrences.remove(name);
  }

  /**
   * A queue.
   *
   * @param name its name; it need not exist
   * @return the queue
   */
  public JobQueue queue(String name) {
    return new JobQueue(JobType.named("queue", name), engine, pauses, listing);
  }

  /**
   * The queue of jobs that name none.
   *
   * @return the queue "default"
   */
  public JobQueue queue() {
    return queue(JobType.DEFAULT_QUEUE);
  }

  /**
   * Cancels a job. One that waits is cancelled at once; one that runs is asked to stop, which its
   * worker notices at once in this process and at its next heartbeat in another.
   *
   * @param id the job
   * @return whether it was unfinished
   */
  public Mono<Boolean> cancel(long id) {
    return Mono.defer(
        () ->
            db.update(CANCEL)
                .bind("now", options.now())
                .bind("id", id)
                .rowsUpdated()
                .map(rows -> rows > 0)
                .doOnNext(
                    found ->
                        engine
                            .leases()
                            .of(id)
                            .forEach(lease -> lease.interrupt(Lease.Interruption.CANCELLED))));
  }

  /**
   * Gives a discarded job all its attempts again.
   *
   * @param id the job
   * @return whether it was discarded, and no other unfinished job has its unique key
   */
  public Mono<Boolean> redrive(long id) {
    return Mono.defer(
        () ->
            db.update(REDRIVE + " AND id = :id")
                .bind("now", options.now())
                .bind("id", id)
                .rowsUpdated()
                .map(rows -> rows > 0));
  }

  /**
   * Gives all discarded jobs of a queue their attempts again; of several with one unique key the
   * youngest.
   *
   * @param queue the queue's name
   * @return how many came back
   */
  public Mono<Long> redriveAll(String queue) {
    return Mono.defer(
        () -> db.update(REDRIVE_ALL).bind("now", options.now()).bind("queue", queue).rowsUpdated());
  }

  /**
   * As {@link #redriveAll(String)}, within a unit of the application: the jobs come back if and
   * only if it is committed. Blocks for one statement, on the writer's thread.
   *
   * @param session the unit's session
   * @param queue the queue's name
   * @return how many come back
   */
  public long redriveAll(WriteSession session, String queue) {
    return session.update(REDRIVE_ALL).bind("now", options.now()).bind("queue", queue).execute();
  }

  /**
   * One job.
   *
   * @param id its id
   * @return the job, or empty
   */
  public Mono<JobInfo> find(long id) {
    return listing.find(id);
  }

  /**
   * A page of jobs, newest first.
   *
   * @param filter which
   * @return the jobs
   */
  public Flux<JobInfo> list(JobFilter filter) {
    return listing.list(filter);
  }

  /**
   * How many jobs there are, by queue and state. Reads an index entry of each job.
   *
   * @return every queue that has jobs, with a number for every state
   */
  public Mono<Map<String, Map<JobState, Long>>> counts() {
    return listing.counts();
  }

  /**
   * Removes finished jobs, a thousand at a time in the bulk lane. Workers do it every hour for what
   * is older than the retention.
   *
   * @param olderThan since when they must have been finished, by the wall clock
   * @return how many were removed
   */
  public Mono<Long> prune(Duration olderThan) {
    return new Pruning(db, options).prune(olderThan);
  }

  Engine engine() {
    return engine;
  }

  /**
   * Ends timers and heartbeats of this process. Stop the workers first, and close this before the
   * database. Does not block.
   */
  @Override
  public void close() {
    engine.close();
  }
}
