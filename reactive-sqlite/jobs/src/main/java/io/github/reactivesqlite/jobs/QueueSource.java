package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** A queue as the workers of this process may take from it. */
final class QueueSource implements Claims.Source {

  /** More outcomes than this that are not durable yet hold up claiming. */
  private static final int MAX_UNWRITTEN = 10_000;

  private static final Duration UNTIL_WRITTEN = Duration.ofMillis(10);
  private static final int MAX_KEYED_CLAIM = 64;

  private final String queue;
  private final Set<String> types;
  private final int perKey;
  private final KeyCircuits circuits;
  private final @Nullable RateLimit rate;
  private final Engine engine;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Disposable.Swap reopening = Disposables.swap();
  private volatile Runnable onReopening = () -> {};

  QueueSource(
      String queue,
      Set<String> types,
      int perKey,
      KeyCircuits circuits,
      @Nullable RateLimit rate,
      Engine engine) {
    this.queue = queue;
    this.types = new HashSet<>(types);
    this.perKey = perKey;
    this.circuits = circuits;
    this.rate = rate;
    this.engine = engine;
  }

  /** Whether no claim is under way, and what became of every job is durable. */
  boolean isQuiet() {
    return underWay.get() == 0 && engine.leases().noneHeldBy(this);
  }

  @Override
  public Claims.Allowance allowance(int wanted) {
    if (engine.acknowledgements().unwritten() > MAX_UNWRITTEN) {
      return new Claims.Allowance(0, UNTIL_WRITTEN);
    }
    int count = perKey > 0 ? Math.min(wanted, MAX_KEYED_CLAIM) : wanted;
    if (rate != null) {
      count = Math.min(count, rate.available());
      if (count == 0) {
        return new Claims.Allowance(0, rate.untilNext());
      }
    }
    return new Claims.Allowance(count, Duration.ZERO);
  }

  @Override
  public Mono<List<ClaimedJob>> claim(int count) {
    JobsOptions options = engine.options();
    KeyCircuits.LeftAlone leftAlone = circuits.leftAlone();
    ClaimStore.Request request =
        new ClaimStore.Request(
            queue,
            types,
            count,
            perKey,
            leftAlone.keys(),
            options.workerName(),
            options.lease().toMillis(),
            options.now());
    return Mono.defer(
        () -> {
          underWay.incrementAndGet();
          return engine
              .claims()
              .claim(request)
              .doOnNext(jobs -> claimed(jobs, count, leftAlone))
              .doFinally(signal -> underWay.decrementAndGet());
        });
  }

  private void claimed(List<ClaimedJob> jobs, int count, KeyCircuits.LeftAlone leftAlone) {
    for (ClaimedJob job : jobs) {
      job.lease().heldBy(this);
      engine.leases().add(job.lease());
    }
    if (jobs.size() < count && !leftAlone.keys().isEmpty()) {
      lookAgainAfter(circuits.until(leftAlone.firstReopensAt()));
    }
    if (rate != null) {
      rate.take(jobs.size());
    }
    engine.meters().claimed(queue, jobs.size());
  }

  /** A key's pause ends without a commit. */
  private void lookAgainAfter(Duration pause) {
    reopening.update(
        engine
            .options()
            .scheduler()
            .schedule(onReopening, pause.toNanos() + 1, TimeUnit.NANOSECONDS));
  }

  @Override
  public void handBack(ClaimedJob job) {
    engine
        .acknowledgements()
        .submit(job.lease(), Outcome.HANDED_BACK)
        .doFinally(signal -> engine.leases().remove(job.lease()))
        .subscribe(ignored -> {}, error -> {});
  }

  @Override
  public Disposable wakeUps(Runnable onSignal) {
    onReopening = onSignal;
    return Disposables.composite(engine.wakeUps().available(queue, types, onSignal), reopening);
  }
}
