package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * Finds jobs whose worker shows no more sign of life. A lease is judged by watching: a row whose
 * token and heartbeat counter stay the same for the lease time, on this process's monotonic clock,
 * is an orphan. Times that are stored in the row mean nothing here.
 */
final class OrphanWatch {

  private static final String RUNNING =
      "SELECT id, token, heartbeat, lease_ms FROM jobs_job WHERE state = 'running'";
  private static final String RESCUE =
      "UPDATE jobs_job SET"
          + " state = CASE WHEN cancel_requested = 1 THEN 'cancelled'"
          + " WHEN attempt >= max_attempts THEN 'discarded' ELSE 'available' END,"
          + " finished_at = CASE WHEN cancel_requested = 1 OR attempt >= max_attempts"
          + " THEN :now ELSE NULL END,"
          + " error = 'The worker of attempt ' || attempt || ' showed no sign of life for '"
          + " || lease_ms || ' ms'"
          + " WHERE state = 'running' AND id = :id AND token = :token AND heartbeat = :heartbeat";
  private static final String HOLDS =
      "SELECT queue, holder, safety_ms FROM jobs_pause WHERE safety_ms IS NOT NULL";
  private static final String RELEASE =
      "DELETE FROM jobs_pause WHERE queue = :queue AND holder = :holder";

  private final ReactiveDatabase db;
  private final JobsOptions options;
  private final LongSupplier nanoTime;
  private final Duration interval;
  // Only inside scan, which runs once at a time
  private Map<Object, Long> silence = new HashMap<>();
  private long scannedAt;

  OrphanWatch(ReactiveDatabase db, JobsOptions options) {
    this.db = db.with(OperationOptions.labelled("jobs.watch").reservedRoom(true));
    this.options = options;
    this.nanoTime = options.nanoTime();
    long quarter = options.lease().toMillis() / 4;
    this.interval = Duration.ofMillis(Math.max(25, Math.min(quarter, 5_000)));
    this.scannedAt = nanoTime.getAsLong();
  }

  /** A lease as a row shows it; equal as long as its holder gives no sign. */
  private record Sign(long id, long token, long heartbeat, long leaseMillis) {}

  /** A pause that somebody holds. */
  private record Hold(String queue, String holder, long safetyMillis) {}

  Duration interval() {
    return interval;
  }

  /**
   * Looks once.
   *
   * @return how many jobs and pauses came free
   */
  Mono<Integer> scan() {
    Mono<List<Sign>> signs =
        db.query(RUNNING)
            .map(
                row ->
                    new Sign(
                        row.getLong("id"),
                        row.getLong("token"),
                        row.getLong("heartbeat"),
                        row.getLong("lease_ms")))
            .all()
            .collectList();
    Mono<List<Hold>> holds =
        db.query(HOLDS)
            .map(
                row ->
                    new Hold(
                        String.valueOf(row.getString("queue")),
                        String.valueOf(row.getString("holder")),
                        row.getLong("safety_ms")))
            .all()
            .collectList();
    return Mono.zip(signs, holds).flatMap(found -> judge(found.getT1(), found.getT2()));
  }

  private Mono<Integer> judge(List<Sign> signs, List<Hold> holds) {
    long now = nanoTime.getAsLong();
    // A watcher that was stopped itself saw nothing meanwhile: it counts two intervals at most
    long watched = Math.min(now - scannedAt, 2 * interval.toNanos());
    scannedAt = now;
    Map<Object, Long> seen = new HashMap<>();
    List<Sign> orphans = new ArrayList<>();
    List<Hold> expired = new ArrayList<>();
    for (Sign sign : signs) {
      if (silentFor(sign, watched, seen) > sign.leaseMillis() * 1_000_000L) {
        orphans.add(sign);
      }
    }
    for (Hold hold : holds) {
      if (silentFor(hold, watched, seen) > hold.safetyMillis() * 1_000_000L) {
        expired.add(hold);
      }
    }
    silence = seen;
    return orphans.isEmpty() && expired.isEmpty()
        ? Mono.just(0)
        : rescue(orphans, expired, options.now());
  }

  private long silentFor(Object sign, long watched, Map<Object, Long> seen) {
    Long before = silence.get(sign);
    long silent = before == null ? 0 : before + watched;
    seen.put(sign, silent);
    return silent;
  }

  private Mono<Integer> rescue(List<Sign> orphans, List<Hold> expired, long now) {
    return db.write(
        session -> {
          int free = 0;
          for (Sign orphan : orphans) {
            free +=
                (int)
                    session
                        .update(RESCUE)
                        .bind("now", now)
                        .bind("id", orphan.id())
                        .bind("token", orphan.token())
                        .bind("heartbeat", orphan.heartbeat())
                        .execute();
          }
          for (Hold hold : expired) {
            free +=
                (int)
                    session
                        .update(RELEASE)
                        .bind("queue", hold.queue())
                        .bind("holder", hold.holder())
                        .execute();
          }
          return free;
        });
  }
}
