package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.ReactiveDatabase;
import java.time.Duration;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** What runs beside the workers of this process, while there are any. */
final class Housekeeping {

  private static final Duration PRUNE_INTERVAL = Duration.ofHours(1);
  private static final Duration FIRST_PRUNE = Duration.ofMinutes(1);
  private static final Duration AFTER_ERROR = Duration.ofSeconds(1);
  private static final long MOST = Duration.ofDays(1).toMillis();

  private final ReactiveDatabase db;
  private final JobsOptions options;
  private final JobMeters meters;
  private final Leases leases;
  private final WakeUps wakeUps;
  private final ClockSteps steps;
  // Guarded by this
  private int workers;
  private List<Repeating> tasks = List.of();
  private Disposable listening = Disposables.disposed();

  Housekeeping(
      ReactiveDatabase db,
      JobsOptions options,
      JobMeters meters,
      Leases leases,
      WakeUps wakeUps,
      ClockSteps steps) {
    this.db = db;
    this.options = options;
    this.meters = meters;
    this.leases = leases;
    this.wakeUps = wakeUps;
    this.steps = steps;
  }

  synchronized void workersStarted() {
    workers++;
    if (workers > 1) {
      return;
    }
    OrphanWatch watch = new OrphanWatch(db, options);
    DueJobs due = new DueJobs(db, options, steps);
    Recurrences recurrences = new Recurrences(db, options);
    Pruning pruning = new Pruning(db, options);
    Repeating dueTask = repeating("due", () -> dueStep(due, recurrences));
    Repeating heartbeat = repeating("heartbeat", leases::beat);
    Repeating watchTask = repeating("watch", () -> watchStep(watch));
    Repeating pruneTask = repeating("prune", () -> pruning.prune().thenReturn(PRUNE_INTERVAL));
    tasks = List.of(dueTask, heartbeat, watchTask, pruneTask);
    dueTask.within(Duration.ZERO);
    heartbeat.within(leases.interval());
    watchTask.within(Duration.ZERO);
    pruneTask.within(FIRST_PRUNE);
    listening = wakeUps.nextDue(time -> dueTask.within(until(time)));
  }

  private Repeating repeating(String name, java.util.function.Supplier<Mono<Duration>> task) {
    Duration afterError =
        options.lease().dividedBy(6).compareTo(AFTER_ERROR) < 0
            ? options.lease().dividedBy(6)
            : AFTER_ERROR;
    return new Repeating(name, options.scheduler(), afterError, meters, task);
  }

  private Mono<Duration> dueStep(DueJobs due, Recurrences recurrences) {
    return recurrences
        .run()
        .flatMap(
            recurring ->
                due.promote()
                    .map(promoted -> earliest(promoted.nextInMillis(), recurring.nextInMillis())));
  }

  private Duration earliest(long... millis) {
    long earliest = options.pollInterval().toMillis();
    for (long next : millis) {
      if (next >= 0) {
        earliest = Math.min(earliest, next);
      }
    }
    return Duration.ofMillis(Math.max(1, earliest));
  }

  private Mono<Duration> watchStep(OrphanWatch watch) {
    return watch
        .scan()
        .map(
            free -> {
              if (free > 0) {
                meters.rescued(free);
              }
              return watch.interval();
            });
  }

  private Duration until(long time) {
    return Duration.ofMillis(Math.max(0, Math.min(time - options.now(), MOST)));
  }

  synchronized void dueWithin(Duration time) {
    if (!tasks.isEmpty()) {
      tasks.get(0).within(time.plusMillis(1));
    }
  }

  synchronized void workersStopped() {
    workers--;
    if (workers == 0) {
      close();
    }
  }

  synchronized void close() {
    tasks.forEach(Repeating::dispose);
    tasks = List.of();
    listening.dispose();
  }
}
