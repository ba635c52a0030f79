package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The leases of this process, kept alive by batched heartbeats until their outcome is durable. */
final class Leases {

  private static final int BEATS_AT_ONCE = 500;

  private final Map<Long, Lease> byToken = new ConcurrentHashMap<>();
  private final OutcomeStore store;
  private final JobsOptions options;

  Leases(OutcomeStore store, JobsOptions options) {
    this.store = store;
    this.options = options;
  }

  void add(Lease lease) {
    byToken.put(lease.token(), lease);
  }

  void remove(Lease lease) {
    byToken.remove(lease.token());
  }

  /** Whether every lease of a holder has ended. */
  boolean noneHeldBy(Object holder) {
    return byToken.values().stream().noneMatch(lease -> lease.isHeldBy(holder));
  }

  /** How long to wait between heartbeats: two may be lost before a lease runs out. */
  Duration interval() {
    return options.lease().dividedBy(3);
  }

  /** The running attempts of a job in this process; more than one if a lease was lost. */
  List<Lease> of(long jobId) {
    return byToken.values().stream().filter(lease -> lease.jobId() == jobId).toList();
  }

  /** One heartbeat for all leases. */
  Mono<Duration> beat() {
    return Flux.fromIterable(new ArrayList<>(byToken.values()))
        .buffer(BEATS_AT_ONCE)
        .concatMap(this::beat)
        .then(Mono.just(interval()));
  }

  private Mono<Void> beat(List<Lease> leases) {
    long sentAt = options.nanoTime().getAsLong();
    return store.beat(leases).doOnNext(alive -> judge(leases, alive, sentAt)).then();
  }

  private void judge(List<Lease> leases, Map<Long, Boolean> alive, long sentAt) {
    for (Lease lease : leases) {
      Boolean cancelRequested = alive.get(lease.token());
      if (cancelRequested != null) {
        lease.confirm(sentAt);
        if (cancelRequested) {
          lease.interrupt(Lease.Interruption.CANCELLED);
        }
      } else if (!lease.isSettling()) {
        // A row whose outcome was just written has no token that runs, and nothing is lost
        lease.interrupt(Lease.Interruption.LOST);
      }
    }
  }
}
