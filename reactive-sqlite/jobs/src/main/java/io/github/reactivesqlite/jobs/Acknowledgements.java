package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.TransientDatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Collects outcomes and writes them together, by size or interval. An outcome that cannot be
 * written is kept and tried again until its lease has run out; nothing is dropped before that.
 */
final class Acknowledgements {

  private static final Logger LOG = LoggerFactory.getLogger(Acknowledgements.class);
  private static final int FLUSHES_AT_ONCE = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

  private final OutcomeStore store;
  private final JobsOptions options;
  private final JobMeters meters;
  private final Sinks.Many<Pending> intake = Sinks.many().unicast().onBackpressureBuffer();
  private final AtomicInteger unwritten = new AtomicInteger();

  /** An outcome that is not durable yet. */
  private record Pending(OutcomeStore.Entry entry, Sinks.Empty<Void> written) {}

  Acknowledgements(OutcomeStore store, JobsOptions options, JobMeters meters) {
    this.store = store;
    this.options = options;
    this.meters = meters;
    // bufferTimeout starts its timer before it keeps the element. Were the thread that brings it
    // held up between the two, a timer of another thread would find nothing, and not come again
    OneWorker one = new OneWorker(options.scheduler());
    intake
        .asFlux()
        .publishOn(one)
        // Not the fair form: in Reactor 3.8.6 it stalls when many threads emit. What waits is
        // bounded by whoever claims jobs, see unwritten()
        .bufferTimeout(options.flushSize(), options.flushInterval(), one, false)
        .onBackpressureBuffer()
        .flatMap(batch -> flush(batch, FIRST_PAUSE), FLUSHES_AT_ONCE, 1)
        .doFinally(signal -> one.dispose())
        .subscribe();
  }

  /** How many outcomes wait to become durable. */
  int unwritten() {
    return unwritten.get();
  }

  /**
   * Writes an outcome with those of others. Hot: it is written whether or not anyone subscribes.
   *
   * @return completes when it is durable, fails with {@link LeaseLostException} if it cannot be
   */
  Mono<Void> submit(Lease lease, Outcome outcome) {
    if (outcome.state() != JobState.RUNNING) {
      lease.settle();
    }
    Pending pending = new Pending(new OutcomeStore.Entry(lease, outcome), Sinks.empty());
    unwritten.incrementAndGet();
    Sinks.EmitResult result = intake.tryEmitNext(pending);
    while (result == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
      Thread.onSpinWait();
      result = intake.tryEmitNext(pending);
    }
    if (result.isFailure()) {
      end(pending, new IllegalStateException("These jobs are closed"));
    }
    return pending.written().asMono();
  }

  private Mono<Void> flush(List<Pending> batch, Duration pause) {
    return Mono.defer(
            () ->
                store
                    .write(batch.stream().map(Pending::entry).toList(), options.now())
                    .doOnNext(durable -> answer(batch, durable))
                    .then())
        .onErrorResume(error -> later(batch, error, pause))
        // Whatever it is, it must not end the flushing of all others
        .onErrorResume(
            error -> {
              batch.forEach(pending -> end(pending, error));
              LOG.error("Outcomes of {} jobs are lost; their leases run out", batch.size(), error);
              return Mono.empty();
            })
        .onErrorComplete();
  }

  private void answer(List<Pending> batch, Set<Long> durable) {
    meters.flushed(batch.size());
    for (Pending pending : batch) {
      Lease lease = pending.entry().lease();
      if (durable.contains(lease.token())) {
        end(pending, null);
      } else {
        end(pending, lease.lost());
      }
    }
  }

  private void end(Pending pending, @Nullable Throwable error) {
    unwritten.decrementAndGet();
    if (error == null) {
      pending.written().tryEmitEmpty();
    } else {
      pending.written().tryEmitError(error);
    }
  }

  private Mono<Void> later(List<Pending> batch, Throwable error, Duration pause) {
    meters.failed("acknowledge");
    long now = options.nanoTime().getAsLong();
    List<Pending> alive = new ArrayList<>();
    for (Pending pending : batch) {
      if (error instanceof DatabaseClosedException) {
        end(pending, error);
      } else if (pending.entry().lease().isExpired(now)) {
        LeaseLostException lost = pending.entry().lease().lost();
        lost.addSuppressed(error);
        end(pending, lost);
      } else {
        alive.add(pending);
      }
    }
    if (alive.isEmpty()) {
      return Mono.empty();
    }
    if (alive.size() > 1 && !mayPass(error)) {
      // One of them may be the reason. Each for itself, and out of the way of the next
      LOG.warn("{} outcomes are written one by one: {}", alive.size(), error.toString());
      alive.forEach(pending -> flush(List.of(pending), doubled(FIRST_PAUSE)).subscribe());
      return Mono.empty();
    }
    // Once for each batch; the meter counts the others
    LOG.atLevel(pause.equals(FIRST_PAUSE) ? Level.WARN : Level.DEBUG)
        .log(
            "{} outcomes of jobs could not be written and are tried again in {}: {}",
            alive.size(),
            pause,
            error.toString());
    return Mono.delay(pause, options.scheduler())
        .then(Mono.defer(() -> flush(alive, doubled(pause))));
  }

  private static Duration doubled(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
  }

  private static boolean mayPass(Throwable error) {
    return error instanceof TransientDatabaseException
        || error instanceof CommitOutcomeUnknownException;
  }

  /** Takes no more; what waits is still written while the database is open. */
  void close() {
    while (intake.tryEmitComplete() == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
      Thread.onSpinWait();
    }
  }
}
