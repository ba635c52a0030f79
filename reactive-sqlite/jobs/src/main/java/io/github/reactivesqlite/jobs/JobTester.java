package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.ReactiveDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs jobs in a test, one at a time and only when told to, against a real database and a clock
 * that the test moves. No timer has to be waited for: a retry in an hour is due after {@code
 * advance(Duration.ofHours(1))}. Circuit breakers and limits of workers do not apply; pauses do.
 */
public final class JobTester implements AutoCloseable {

  private static final String NEXT_QUEUE =
      "SELECT queue FROM jobs_job WHERE state = 'available' AND type IN (:types)"
          + " AND NOT EXISTS (SELECT 1 FROM jobs_pause p WHERE p.queue = jobs_job.queue)"
          + " ORDER BY priority DESC, run_at, id LIMIT 1";

  private static final class TestClock extends Clock {
    private final AtomicReference<Instant> now = new AtomicReference<>(Clock.systemUTC().instant());

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return Clock.fixed(instant(), zone);
    }

    @Override
    public Instant instant() {
      return now.get();
    }
  }

  private final TestClock clock = new TestClock();
  private final Map<String, WorkersBuilder.Handled<?>> handlers = new LinkedHashMap<>();
  private final ReactiveDatabase db;
  private final Jobs jobs;
  private final DueJobs due;
  private final Recurrences recurrences;
  private final KeyCircuits circuits;

  private JobTester(ReactiveDatabase db) {
    JobsOptions options = JobsOptions.defaults().clock(clock).flushInterval(Duration.ofMillis(1));
    this.db = db;
    this.jobs = Jobs.of(db, options);
    this.due = new DueJobs(db, options, jobs.engine().steps());
    this.recurrences = new Recurrences(db, options);
    this.circuits = new KeyCircuits(Duration.ZERO, Duration.ZERO, options.nanoTime());
  }

  /**
   * A tester whose clock stands at the present.
   *
   * @param db the test's database; call {@code jobs().migrate()} first
   * @return the tester
   */
  public static JobTester on(ReactiveDatabase db) {
    return new JobTester(db);
  }

  /**
   * Handles a type.
   *
   * @param type the type
   * @param handler what to do
   * @param <P> the type of the payload
   * @return this
   */
  public <P> JobTester handle(JobType<P> type, JobHandler<P> handler) {
    handlers.put(type.name(), new WorkersBuilder.Handled<>(type, handler));
    return this;
  }

  /**
   * Jobs on the tester's clock: enqueue through these.
   *
   * @return the jobs
   */
  public Jobs jobs() {
    return jobs;
  }

  /**
   * Where the clock stands.
   *
   * @return the time
   */
  public Instant now() {
    return clock.instant();
  }

  /**
   * Moves the clock. Runs nothing.
   *
   * @param time how far
   */
  public void advance(Duration time) {
    clock.now.updateAndGet(now -> now.plus(time));
  }

  /**
   * Runs the most urgent job that is due, once. Lazy.
   *
   * @return the job after the attempt, when its outcome is durable; empty if none is due
   */
  public Mono<JobInfo> runNext() {
    return recurrences
        .run()
        .then(due.promote())
        .then(Mono.defer(this::nextQueue))
        .flatMap(this::claim)
        .flatMap(this::run);
  }

  /**
   * Runs jobs until none is due, those that become due by it included. Lazy.
   *
   * @return each attempt's job after it
   */
  public Flux<JobInfo> runDue() {
    return runNext()
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .repeat()
        .takeWhile(Optional::isPresent)
        .map(Optional::get);
  }

  private Mono<String> nextQueue() {
    return db.query(NEXT_QUEUE).bind("types", handlers.keySet()).mapTo(String.class).first();
  }

  private Mono<ClaimedJob> claim(String queue) {
    return new QueueSource(queue, handlers.keySet(), 0, circuits, null, jobs.engine())
        .claim(1)
        .flatMapIterable(claimed -> claimed)
        .next();
  }

  private Mono<JobInfo> run(ClaimedJob job) {
    WorkersBuilder.Handled<?> handled = handlers.get(job.type());
    if (handled == null) {
      return Mono.error(new IllegalStateException("Unhandled: " + Set.of(job.type())));
    }
    return handled
        .attempt(job, jobs.engine(), circuits)
        .run()
        .then(outcome(job))
        .then(jobs.find(job.id()));
  }

  private Mono<Void> outcome(ClaimedJob job) {
    return Flux.interval(Duration.ZERO, Duration.ofMillis(1))
        .onBackpressureDrop()
        .filter(tick -> !jobs.engine().leases().of(job.id()).contains(job.lease()))
        .next()
        .then();
  }

  /** Ends its timers; the database stays open. */
  @Override
  public void close() {
    jobs.close();
  }
}
