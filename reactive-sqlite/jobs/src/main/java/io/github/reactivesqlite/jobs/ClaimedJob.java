package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.Row;
import org.jspecify.annotations.Nullable;

/** A job as its claim returned it, with the lease that came with it. */
record ClaimedJob(
    long id,
    String queue,
    String type,
    int priority,
    long runAt,
    int attempt,
    int maxAttempts,
    @Nullable String key,
    String payload,
    Lease lease) {

  static final String COLUMNS =
      "id, queue, type, priority, run_at, attempt, max_attempts, group_key, payload, token";

  static ClaimedJob of(Row row, long leaseNanos, long claimedAt) {
    long id = row.getLong("id");
    int attempt = row.getInt("attempt");
    return new ClaimedJob(
        id,
        text(row, "queue"),
        text(row, "type"),
        row.getInt("priority"),
        row.getLong("run_at"),
        attempt,
        row.getInt("max_attempts"),
        row.getString("group_key"),
        text(row, "payload"),
        new Lease(id, row.getLong("token"), attempt, leaseNanos, claimedAt));
  }

  private static String text(Row row, String column) {
    String text = row.getString(column);
    return text == null ? "" : text;
  }
}
