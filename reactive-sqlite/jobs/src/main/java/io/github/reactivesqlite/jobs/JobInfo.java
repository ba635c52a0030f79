package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as the listing shows it, without its payload. Times are for display: leases are not judged
 * by them.
 *
 * @param id its id
 * @param queue its queue
 * @param type the name of its type
 * @param state where it is in its life
 * @param priority higher goes first
 * @param runAt when it was or is due
 * @param attempt how many attempts were begun
 * @param maxAttempts how many there are at most
 * @param enqueuedAt when it was enqueued
 * @param startedAt when its last attempt began
 * @param finishedAt when it finished
 * @param worker who ran it last
 * @param uniqueKey its unique key
 * @param key what it works on
 * @param progress from 0 to 1, if it was reported
 * @param progressNote what was said about it
 * @param error why its last failed attempt failed
 */
public record JobInfo(
    long id,
    String queue,
    String type,
    JobState state,
    int priority,
    Instant runAt,
    int attempt,
    int maxAttempts,
    Instant enqueuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String worker,
    @Nullable String uniqueKey,
    @Nullable String key,
    @Nullable Double progress,
    @Nullable String progressNote,
    @Nullable String error) {

  static final String COLUMNS =
      "id, queue, type, state, priority, run_at, attempt, max_attempts, enqueued_at, started_at,"
          + " finished_at, worker, unique_key, group_key, progress, progress_note, error";

  static JobInfo of(Row row) {
    return new JobInfo(
        row.getLong("id"),
        String.valueOf(row.getString("queue")),
        String.valueOf(row.getString("type")),
        JobState.of(String.valueOf(row.getString("state"))),
        row.getInt("priority"),
        Instant.ofEpochMilli(row.getLong("run_at")),
        row.getInt("attempt"),
        row.getInt("max_attempts"),
        Instant.ofEpochMilli(row.getLong("enqueued_at")),
        instant(row, "started_at"),
        instant(row, "finished_at"),
        row.getString("worker"),
        row.getString("unique_key"),
        row.getString("group_key"),
        row.get("progress", Double.class),
        row.getString("progress_note"),
        row.getString("error"));
  }

  private static @Nullable Instant instant(Row row, String column) {
    Long millis = row.get(column, Long.class);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
