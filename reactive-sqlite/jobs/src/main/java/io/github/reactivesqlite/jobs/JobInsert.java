package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.WriteSession;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Writes new jobs, wherever the caller is: alone, in a unit, in a transaction. */
final class JobInsert {

  private static final String INSERT =
      "INSERT INTO jobs_job (queue, type, state, priority, run_at, delay_ms, max_attempts,"
          + " enqueued_at, unique_key, group_key, payload) VALUES (:queue, :type, :state,"
          + " :priority, :runAt, :delay, :maxAttempts, :now, :uniqueKey, :key, :payload)";
  private static final String UNLESS_THERE =
      " ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL"
          + " AND state IN ('available', 'scheduled', 'running', 'retryable') DO NOTHING";
  private static final String RETURNING = " RETURNING id";
  private static final String EXISTING =
      "SELECT id FROM jobs_job WHERE unique_key = :uniqueKey AND unique_key IS NOT NULL"
          + " AND state IN ('available', 'scheduled', 'running', 'retryable')";

  private JobInsert() {}

  private static String sql(JobRow row) {
    return row.uniqueKey() == null ? INSERT + RETURNING : INSERT + UNLESS_THERE + RETURNING;
  }

  private static Map<String, @Nullable Object> values(JobRow row) {
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("queue", row.queue());
    values.put("type", row.type());
    values.put("state", row.state().stored());
    values.put("priority", row.priority());
    values.put("runAt", row.runAt());
    values.put("delay", row.delayMillis());
    values.put("maxAttempts", row.maxAttempts());
    values.put("now", row.now());
    values.put("uniqueKey", row.uniqueKey());
    values.put("key", row.key());
    values.put("payload", row.payload());
    return values;
  }

  /** Alone. */
  static Mono<Enqueued> into(ReactiveDatabase db, JobRow row) {
    if (row.uniqueKey() != null) {
      return db.write(session -> into(session, row));
    }
    Update insert = db.update(sql(row)).bindAll(values(row));
    return insert.returning(Long.class).one().map(id -> new Enqueued(id, false));
  }

  /** Inside a unit. */
  static Enqueued into(WriteSession session, JobRow row) {
    return session
        .update(sql(row))
        .bindAll(values(row))
        .returning(Long.class)
        .one()
        .map(id -> new Enqueued(id, false))
        .orElseGet(
            () ->
                new Enqueued(
                    session
                        .query(EXISTING)
                        .bind("uniqueKey", row.uniqueKey())
                        .mapTo(Long.class)
                        .one()
                        .orElseThrow(),
                    true));
  }

  /** Inside an interactive transaction. */
  static Mono<Enqueued> into(Transaction transaction, JobRow row) {
    return transaction
        .update(sql(row))
        .bindAll(values(row))
        .returning(Long.class)
        .one()
        .map(id -> new Enqueued(id, false))
        .switchIfEmpty(
            Mono.defer(
                () ->
                    transaction
                        .query(EXISTING)
                        .bind("uniqueKey", row.uniqueKey())
                        .mapTo(Long.class)
                        .one()
                        .map(id -> new Enqueued(id, true))));
  }
}
