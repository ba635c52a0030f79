package io.github.reactivesqlite.demo.figures;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.demo.figures.Sample.JobCounts;
import io.github.reactivesqlite.jobs.JobState;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Takes a sample a second, and keeps those of the last five minutes, so that a page that is opened
 * has something to show.
 */
@Component
public class FigureRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(FigureRecorder.class);
  private static final Duration PACE = Duration.ofSeconds(1);
  private static final int SAMPLES_PER_STATUS = 3;

  private final SqliteDatabase database;
  private final MeterRegistry registry;
  private final Jobs jobs;
  private final Sharing sharing;
  private final Viewers viewers;
  private final DatabaseSize size;
  // Looking at files and at the system's tables blocks.
  private final Scheduler scheduler =
      Schedulers.newBoundedElastic(1, Integer.MAX_VALUE, "library-figures", 60, true);
  private final Sinks.Many<Sample> samples = Sinks.many().multicast().directBestEffort();
  private final Sinks.Many<Status> statuses = Sinks.many().replay().latest();
  private Disposable running = () -> {};

  // Guarded by this
  private final ArrayDeque<Sample> history = new ArrayDeque<>();
  // Of the scheduler's one worker
  private final RisingClock clock = new RisingClock(System::currentTimeMillis);
  private @Nullable Readings last;
  private int taken;

  FigureRecorder(
      SqliteDatabase database,
      MeterRegistry registry,
      Jobs jobs,
      Sharing sharing,
      Viewers viewers,
      DatabaseSize size) {
    this.database = database;
    this.registry = registry;
    this.jobs = jobs;
    this.sharing = sharing;
    this.viewers = viewers;
    this.size = size;
  }

  @PostConstruct
  void start() {
    running =
        database
            .maintenance()
            .settings()
            .map(settings -> Integer.parseInt(settings.values().getOrDefault("page_size", "4096")))
            .flatMapMany(
                pageSize ->
                    Flux.interval(PACE, scheduler)
                        .onBackpressureDrop()
                        .concatMap(tick -> sample(pageSize), 1))
            .subscribe(sample -> {}, error -> LOG.error("No more figures are recorded", error));
  }

  private Mono<Sample> sample(int pageSize) {
    return counts()
        .publishOn(scheduler)
        .flatMap(counts -> Mono.justOrEmpty(record(counts, pageSize)))
        .onErrorResume(
            error -> {
              LOG.debug("A sample is missing", error);
              return Mono.empty();
            });
  }

  private Optional<Sample> record(JobCounts counts, int pageSize) {
    Readings now = Readings.of(database, registry, pageSize);
    Readings before = last;
    last = now;
    if (before == null) {
      return Optional.empty();
    }
    Sample sample = now.since(before, clock.next(), counts);
    List<Sample> window;
    synchronized (this) {
      history.addLast(sample);
      if (history.size() > Thresholds.WINDOW) {
        history.removeFirst();
      }
      window = List.copyOf(history);
      samples.tryEmitNext(sample);
    }
    if (taken++ % SAMPLES_PER_STATUS == 0) {
      statuses.tryEmitNext(status(window, now.stats()));
    }
    return Optional.of(sample);
  }

  private Status status(List<Sample> window, DatabaseStats stats) {
    long bytes = size.bytes();
    Thresholds.Surroundings surroundings =
        new Thresholds.Surroundings(
            bytes,
            viewers.now(),
            stats.lock(),
            longestHold(),
            database.config().interactiveQueueCapacity(),
            database.config().bulkQueueCapacity());
    return new Status(Thresholds.of(window, surroundings), sharing.others(), viewers.now(), bytes);
  }

  private Duration longestHold() {
    double nanos =
        registry.find(MeterNames.WRITER_HOLD).timers().stream()
            .mapToDouble((Timer timer) -> timer.max(TimeUnit.NANOSECONDS))
            .max()
            .orElse(0);
    return Duration.ofNanos((long) nanos);
  }

  private Mono<JobCounts> counts() {
    return jobs.counts()
        .map(
            queues -> {
              JobCounts sum = JobCounts.NONE;
              for (Map<JobState, Long> states : queues.values()) {
                sum =
                    new JobCounts(
                        sum.waiting() + of(states, JobState.AVAILABLE),
                        sum.running() + of(states, JobState.RUNNING),
                        sum.retrying()
                            + of(states, JobState.SCHEDULED)
                            + of(states, JobState.RETRYABLE),
                        sum.completed() + of(states, JobState.COMPLETED),
                        sum.discarded() + of(states, JobState.DISCARDED));
              }
              return sum;
            });
  }

  private static long of(Map<JobState, Long> states, JobState state) {
    return states.getOrDefault(state, 0L);
  }

  /**
   * What has been recorded, and everything from now on. One may be missing between the two.
   *
   * @return first the history, then each sample in a list of its own; endless
   */
  public Flux<List<Sample>> samples() {
    return Flux.defer(
        () -> {
          List<Sample> recorded;
          synchronized (this) {
            recorded = List.copyOf(history);
          }
          Flux<List<Sample>> next = samples.asFlux().onBackpressureLatest().map(List::of);
          return next.startWith(List.of(recorded));
        });
  }

  /**
   * The limits and which are crossed, every few seconds.
   *
   * @return the latest at once, then each; endless
   */
  public Flux<Status> statuses() {
    return statuses.asFlux().onBackpressureLatest();
  }

  @PreDestroy
  void close() {
    running.dispose();
    scheduler.dispose();
  }
}
