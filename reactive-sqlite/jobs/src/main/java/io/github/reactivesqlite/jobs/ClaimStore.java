package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Takes jobs out of a queue: one statement that finds, leases and returns them. */
final class ClaimStore {

  /** Jobs that have no key and jobs without a limit for their key need one statement in all. */
  private static final String CLAIM =
      "UPDATE jobs_job SET state = 'running', attempt = attempt + 1, token = :base + id,"
          + " heartbeat = 0, lease_ms = :lease, worker = :worker, started_at = :now,"
          + " progress = NULL, progress_note = NULL"
          + " WHERE state = 'available' AND id IN (SELECT j.id FROM jobs_job j"
          + " WHERE j.state = 'available' AND j.queue = :queue AND j.type IN (:types)"
          + " AND NOT EXISTS (SELECT 1 FROM jobs_pause p WHERE p.queue = :queue)";

  private static final String CLOSED_KEYS =
      " AND (j.group_key IS NULL OR j.group_key NOT IN (:closed))";
  private static final String KEY_LIMIT =
      " AND (j.group_key IS NULL OR (SELECT count(*) FROM jobs_job r WHERE r.state = 'running'"
          + " AND r.queue = j.queue AND r.group_key = j.group_key) < :perKey)";
  private static final String ORDER = " ORDER BY j.priority DESC, j.run_at, j.id LIMIT :count)";
  private static final String RETURNING = " RETURNING " + ClaimedJob.COLUMNS;

  private static final Comparator<ClaimedJob> CLAIM_ORDER =
      Comparator.comparingInt(ClaimedJob::priority)
          .reversed()
          .thenComparingLong(ClaimedJob::runAt)
          .thenComparingLong(ClaimedJob::id);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final ReactiveDatabase db;
  private final LongSupplier nanoTime;

  ClaimStore(ReactiveDatabase db, LongSupplier nanoTime) {
    this.db = db.with(OperationOptions.labelled("jobs.claim"));
    this.nanoTime = nanoTime;
  }

  /** What a claim asks for; {@code perKey} is 0 without a limit. */
  record Request(
      String queue,
      Collection<String> types,
      int count,
      int perKey,
      Set<String> closedKeys,
      String worker,
      long leaseMillis,
      long now) {}

  /** At most as many jobs as asked for, the most urgent first; empty if there are none. */
  Mono<List<ClaimedJob>> claim(Request request) {
    return Mono.defer(
        () -> {
          long claimedAt = nanoTime.getAsLong();
          Mono<List<ClaimedJob>> claimed =
              request.perKey() > 0
                  ? db.write(session -> oneByOne(session, request, claimedAt))
                  : together(request, claimedAt);
          return claimed.map(
              jobs -> {
                List<ClaimedJob> sorted = new ArrayList<>(jobs);
                sorted.sort(CLAIM_ORDER);
                return sorted;
              });
        });
  }

  private static long nanos(Request request) {
    return request.leaseMillis() * 1_000_000L;
  }

  private Mono<List<ClaimedJob>> together(Request request, long claimedAt) {
    boolean closed = !request.closedKeys().isEmpty();
    var update =
        db.update(CLAIM + (closed ? CLOSED_KEYS : "") + ORDER + RETURNING)
            .bind("base", tokenBase())
            .bind("lease", request.leaseMillis())
            .bind("worker", request.worker())
            .bind("now", request.now())
            .bind("queue", request.queue())
            .bind("types", request.types())
            .bind("count", request.count());
    if (closed) {
      update = update.bind("closed", request.closedKeys());
    }
    return update
        .returning(row -> ClaimedJob.of(row, nanos(request), claimedAt))
        .all()
        .collectList();
  }

  /** Each claim counts those before it, so that a key's limit holds; one transaction in all. */
  private List<ClaimedJob> oneByOne(WriteSession session, Request request, long claimedAt) {
    boolean closed = !request.closedKeys().isEmpty();
    String sql = CLAIM + (closed ? CLOSED_KEYS : "") + KEY_LIMIT + ORDER + RETURNING;
    List<ClaimedJob> jobs = new ArrayList<>();
    boolean more = true;
    while (more && jobs.size() < request.count()) {
      var update =
          session
              .update(sql)
              .bind("base", tokenBase())
              .bind("lease", request.leaseMillis())
              .bind("worker", request.worker())
              .bind("now", request.now())
              .bind("queue", request.queue())
              .bind("types", request.types())
              .bind("perKey", request.perKey())
              .bind("count", 1);
      if (closed) {
        update = update.bind("closed", request.closedKeys());
      }
      var job = update.returning(row -> ClaimedJob.of(row, nanos(request), claimedAt)).one();
      more = job.isPresent();
      job.ifPresent(jobs::add);
    }
    return jobs;
  }

  /** With the job's id added no two attempts share a token, not even of one claim. */
  private static long tokenBase() {
    return RANDOM.nextLong() >>> 2;
  }
}
