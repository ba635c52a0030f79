package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.WriteUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Writes outcomes and heartbeats, each only where the row still has the attempt's token. */
final class OutcomeStore {

  private static final String COMPLETE =
      "UPDATE jobs_job SET state = 'completed', finished_at = :now, delay_ms = NULL"
          + " WHERE state = 'running' AND id IN (:ids) AND token IN (:tokens) RETURNING token";
  private static final String SETTLE =
      "UPDATE jobs_job SET state = CASE WHEN cancel_requested = 1 AND :finished IS NULL"
          + " THEN 'cancelled' ELSE :state END,"
          + " finished_at = CASE WHEN cancel_requested = 1 THEN :now ELSE :finished END,"
          + " run_at = coalesce(:runAt, run_at), delay_ms = :delay,"
          + " attempt = attempt - :uncounted, error = coalesce(:error, error)"
          + " WHERE state = 'running' AND id = :id AND token = :token";
  private static final String PROGRESS =
      "UPDATE jobs_job SET progress = :progress, progress_note = :note, heartbeat = heartbeat + 1"
          + " WHERE state = 'running' AND id = :id AND token = :token";
  private static final String ALREADY =
      "SELECT count(*) FROM jobs_job WHERE id = :id AND token = :token AND state = :state";
  private static final String HEARTBEAT =
      "UPDATE jobs_job SET heartbeat = heartbeat + 1"
          + " WHERE state = 'running' AND id IN (:ids) AND token IN (:tokens)"
          + " RETURNING token, cancel_requested";

  private final ReactiveDatabase db;

  OutcomeStore(ReactiveDatabase db) {
    this.db = db.with(OperationOptions.labelled("jobs.acknowledge").reservedRoom(true));
  }

  /** An attempt and what became of it. */
  record Entry(Lease lease, Outcome outcome) {}

  /**
   * Writes them in one unit.
   *
   * @return the tokens whose outcome is durable; a token that is missing has lost its lease
   */
  Mono<Set<Long>> write(List<Entry> entries, long now) {
    return db.write(session -> write(session, entries, now));
  }

  private static Set<Long> write(WriteSession session, List<Entry> entries, long now) {
    Set<Long> durable = new HashSet<>();
    List<Long> ids = new ArrayList<>();
    List<Long> tokens = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.outcome().state() == JobState.COMPLETED) {
        ids.add(entry.lease().jobId());
        tokens.add(entry.lease().token());
      } else if (writeOne(session, entry, now)) {
        durable.add(entry.lease().token());
      }
    }
    if (!ids.isEmpty()) {
      durable.addAll(
          session
              .update(COMPLETE)
              .bind("now", now)
              .bind("ids", ids)
              .bind("tokens", tokens)
              .returning(Long.class)
              .all());
    }
    for (Entry entry : entries) {
      // An earlier try may have been committed although its answer was an error
      if (!durable.contains(entry.lease().token()) && isAlready(session, entry)) {
        durable.add(entry.lease().token());
      }
    }
    return durable;
  }

  private static boolean writeOne(WriteSession session, Entry entry, long now) {
    Outcome outcome = entry.outcome();
    if (outcome.state() == JobState.RUNNING) {
      return session
              .update(PROGRESS)
              .bind("progress", outcome.progress())
              .bind("note", outcome.note())
              .bind("id", entry.lease().jobId())
              .bind("token", entry.lease().token())
              .execute()
          == 1;
    }
    return session
            .update(SETTLE)
            .bind("state", outcome.state().stored())
            .bind("finished", outcome.state().isFinished() ? now : null)
            .bind("now", now)
            .bind("runAt", outcome.runAt())
            .bind("delay", outcome.delayMillis())
            .bind("uncounted", outcome.counts() ? 0 : 1)
            .bind("error", outcome.error())
            .bind("id", entry.lease().jobId())
            .bind("token", entry.lease().token())
            .execute()
        == 1;
  }

  private static boolean isAlready(WriteSession session, Entry entry) {
    return session
            .query(ALREADY)
            .bind("id", entry.lease().jobId())
            .bind("token", entry.lease().token())
            .bind("state", entry.outcome().state().stored())
            .mapTo(Long.class)
            .one()
            .orElse(0L)
        == 1L;
  }

  /** Runs a unit and completes the job, both or neither. */
  <T> Mono<T> completeWith(Lease lease, WriteUnit<T> unit, long now) {
    return db.write(
        session -> {
          // First the fence: a unit whose lease is gone need not run
          boolean held =
              session
                  .update(COMPLETE)
                  .bind("now", now)
                  .bind("ids", List.of(lease.jobId()))
                  .bind("tokens", List.of(lease.token()))
                  .returning(Long.class)
                  .one()
                  .isPresent();
          if (!held) {
            throw lease.lost();
          }
          return unit.run(session);
        });
  }

  /**
   * One beat for all of them.
   *
   * @return the tokens that still hold their lease, with whether somebody cancelled the job
   */
  Mono<Map<Long, Boolean>> beat(List<Lease> leases) {
    return db.update(HEARTBEAT)
        .bind("ids", leases.stream().map(Lease::jobId).toList())
        .bind("tokens", leases.stream().map(Lease::token).toList())
        .returning(row -> Map.entry(row.getLong(1), row.getBoolean(2)))
        .all()
        .collect(HashMap::new, (map, entry) -> map.put(entry.getKey(), entry.getValue()));
  }
}
