package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * The jobs of a queue as a stream: each {@code request(n)} leases at most n of them, so that none
 * is leased without somebody to run it. A cancel, and the end that its maker tells it, hand back
 * what was leased and not taken. One claim is under way at a time; what is requested meanwhile goes
 * into the next one. No error ends the stream.
 */
final class Claims extends Flux<ClaimedJob> {

  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
  private static final int MAX_CLAIM = 256;

  /** Where jobs come from and what may be asked for now. */
  interface Source {
    /** How many may be claimed now, and if none, when to ask again. */
    Allowance allowance(int wanted);

    Mono<List<ClaimedJob>> claim(int count);

    void handBack(ClaimedJob job);

    Disposable wakeUps(Runnable onSignal);
  }

  /** An answer to {@link Source#allowance}. */
  record Allowance(int count, Duration retryAfter) {}

  private final Source source;
  private final Mono<Void> end;
  private final Scheduler scheduler;
  private final Duration pollInterval;
  private final Consumer<Throwable> onError;

  /** The stream completes with {@code end}: not by an operator, which would drop what it races. */
  Claims(
      Source source,
      Mono<Void> end,
      Scheduler scheduler,
      Duration pollInterval,
      Consumer<Throwable> onError) {
    this.source = source;
    this.end = end;
    this.scheduler = scheduler;
    this.pollInterval = pollInterval;
    this.onError = onError;
  }

  @Override
  public void subscribe(CoreSubscriber<? super ClaimedJob> actual) {
    ClaimSubscription subscription = new ClaimSubscription(actual);
    actual.onSubscribe(subscription);
    subscription.start();
  }

  private final class ClaimSubscription implements Subscription {
    private final CoreSubscriber<? super ClaimedJob> actual;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicBoolean woken = new AtomicBoolean(true);
    private final AtomicBoolean claiming = new AtomicBoolean();
    private volatile @Nullable List<ClaimedJob> arrived;
    private volatile boolean ending;
    private volatile boolean cancelled;
    private volatile boolean pausing;
    private final Disposable.Composite listening = Disposables.composite();
    // Only inside drain, by whoever runs it
    private final Queue<ClaimedJob> leased = new ArrayDeque<>();
    private boolean completed;
    private Duration pause = FIRST_PAUSE;

    ClaimSubscription(CoreSubscriber<? super ClaimedJob> actual) {
      this.actual = actual;
    }

    void start() {
      listening.add(source.wakeUps(this::wake));
      listening.add(
          scheduler.schedulePeriodically(
              this::wake, pollInterval.toNanos(), pollInterval.toNanos(), TimeUnit.NANOSECONDS));
      listening.add(end.subscribe(nothing -> {}, error -> end(), this::end));
    }

    private void end() {
      ending = true;
      listening.dispose();
      drain();
    }

    private void wake() {
      woken.set(true);
      drain();
    }

    @Override
    public void request(long n) {
      if (Operators.validate(n)) {
        requested.accumulateAndGet(n, Operators::addCap);
        drain();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      listening.dispose();
      drain();
    }

    private boolean isOver() {
      return cancelled || ending;
    }

    private void drain() {
      if (work.getAndIncrement() != 0) {
        return;
      }
      int missed = 1;
      do {
        take();
        while (!isOver() && !leased.isEmpty() && requested.get() > 0) {
          requested.updateAndGet(n -> n == Long.MAX_VALUE ? n : n - 1);
          actual.onNext(leased.remove());
        }
        if (isOver()) {
          leased.forEach(source::handBack);
          leased.clear();
          complete();
        } else {
          claimIfWanted();
        }
        missed = work.addAndGet(-missed);
      } while (missed != 0);
    }

    private void complete() {
      if (!cancelled && !completed) {
        completed = true;
        actual.onComplete();
      }
    }

    private void take() {
      List<ClaimedJob> jobs = arrived;
      if (jobs != null) {
        arrived = null;
        leased.addAll(jobs);
        claiming.set(false);
      }
    }

    private void claimIfWanted() {
      long wanted = requested.get();
      if (wanted == 0 || !leased.isEmpty() || claiming.get() || pausing || !woken.get()) {
        return;
      }
      Allowance allowance = source.allowance((int) Math.min(wanted, MAX_CLAIM));
      if (allowance.count() == 0) {
        pauseFor(allowance.retryAfter());
        return;
      }
      claiming.set(true);
      // Before the claim: a signal while it runs leads to another one
      woken.set(false);
      int count = allowance.count();
      Mono.defer(() -> source.claim(count))
          .defaultIfEmpty(List.of())
          .subscribe(
              jobs -> {
                pause = FIRST_PAUSE;
                if (jobs.size() == count) {
                  woken.set(true);
                }
                arrived = jobs;
                drain();
              },
              this::failed,
              () -> {});
    }

    private void failed(Throwable error) {
      Duration now = pause;
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
      woken.set(true);
      pausing = true;
      arrived = new ArrayList<>();
      schedule(now);
      drain();
      // Last: whatever these do, claiming goes on
      onError.accept(error);
      LOG.warn("Claiming jobs failed and is tried again in {}: {}", now, error.toString());
    }

    private void pauseFor(Duration time) {
      pausing = true;
      schedule(time);
    }

    private void schedule(Duration time) {
      scheduler.schedule(
          () -> {
            pausing = false;
            drain();
          },
          Math.max(1, time.toMillis()),
          TimeUnit.MILLISECONDS);
    }
  }
}
