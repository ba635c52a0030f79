package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Row;
import io.github.reactivesqlite.WriteSession;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Enqueues recurring jobs when they are due. At most one job of each is unfinished. */
final class Recurrences {

  private static final String ALL = "SELECT * FROM jobs_recurring ORDER BY name";
  private static final String SAVE =
      "INSERT INTO jobs_recurring (name, queue, type, payload, priority, max_attempts, group_key,"
          + " schedule, zone, next_run_at) VALUES (:name, :queue, :type, :payload, :priority,"
          + " :maxAttempts, :key, :schedule, :zone, :next) ON CONFLICT (name) DO UPDATE SET"
          + " queue = excluded.queue, type = excluded.type, payload = excluded.payload,"
          + " priority = excluded.priority, max_attempts = excluded.max_attempts,"
          + " group_key = excluded.group_key, next_run_at = CASE"
          + " WHEN jobs_recurring.schedule = excluded.schedule"
          + " AND jobs_recurring.zone = excluded.zone THEN jobs_recurring.next_run_at"
          + " ELSE excluded.next_run_at END, schedule = excluded.schedule, zone = excluded.zone";
  private static final String MOVE =
      "UPDATE jobs_recurring SET next_run_at = :next, last_job_id = coalesce(:job, last_job_id)"
          + " WHERE name = :name";
  private static final String LAST = "SELECT state, finished_at FROM jobs_job WHERE id = :id";

  private final ReactiveDatabase db;
  private final JobsOptions options;

  Recurrences(ReactiveDatabase db, JobsOptions options) {
    this.db = db.with(OperationOptions.labelled("jobs.recurring"));
    this.options = options;
  }

  /** How many were enqueued, and when the next one is due; -1 without any. */
  record Run(int enqueued, long nextInMillis) {}

  private record Entry(
      String name, JobRow job, Schedule schedule, long next, @Nullable Long lastJob) {}

  private record LastRun(JobState state, @Nullable Long finishedAt) {}

  /** Adds one, or changes it; a changed schedule starts anew, the same one goes on. */
  Mono<Void> save(String name, JobRow row, Schedule schedule) {
    long now = options.now();
    return db.update(SAVE)
        .bind("name", name)
        .bind("queue", row.queue())
        .bind("type", row.type())
        .bind("payload", row.payload())
        .bind("priority", row.priority())
        .bind("maxAttempts", row.maxAttempts())
        .bind("key", row.key())
        .bind("schedule", schedule.text())
        .bind("zone", schedule.zone())
        .bind("next", schedule.delay() == null ? schedule.nextAfter(now) : now)
        .rowsUpdated()
        .then();
  }

  Mono<Boolean> remove(String name) {
    return db.update("DELETE FROM jobs_recurring WHERE name = :name")
        .bind("name", name)
        .rowsUpdated()
        .map(rows -> rows > 0);
  }

  Mono<Run> run() {
    return Mono.defer(
        () -> {
          long now = options.now();
          return db.query(ALL)
              .map(row -> entry(row, now))
              .all()
              .collectList()
              .flatMap(
                  entries ->
                      entries.stream().anyMatch(entry -> needsWrite(entry, now))
                          ? db.write(session -> advance(session, now))
                          : Mono.just(new Run(0, earliest(entries, now))));
        });
  }

  private static long earliest(List<Entry> entries, long now) {
    return entries.stream().mapToLong(entry -> Math.max(0, entry.next() - now)).min().orElse(-1);
  }

  private static boolean needsWrite(Entry entry, long now) {
    return entry.next() <= now || isTooFar(entry, now);
  }

  /** The clock went back since the time was computed. */
  private static boolean isTooFar(Entry entry, long now) {
    return entry.next() > entry.schedule().nextAfter(now);
  }

  private static Run advance(WriteSession session, long now) {
    int enqueued = 0;
    long earliest = -1;
    for (Entry entry : session.query(ALL).map(row -> entry(row, now)).all()) {
      long next = entry.next();
      Long job = null;
      if (isTooFar(entry, now)) {
        next = entry.schedule().nextAfter(now);
      } else if (next <= now) {
        LastRun last = last(session, entry.lastJob());
        if (entry.schedule().delay() != null && last != null) {
          next = afterTheEnd(entry, last, now);
        }
        if (next <= now) {
          Enqueued answer = JobInsert.into(session, entry.job());
          enqueued += answer.duplicate() ? 0 : 1;
          job = answer.id();
          next = entry.schedule().nextAfter(now);
        }
      }
      if (next != entry.next() || job != null) {
        session
            .update(MOVE)
            .bind("next", next)
            .bind("job", job)
            .bind("name", entry.name())
            .execute();
      }
      earliest = earliest < 0 ? Math.max(0, next - now) : Math.min(earliest, next - now);
    }
    return new Run(enqueued, earliest);
  }

  private static long afterTheEnd(Entry entry, LastRun last, long now) {
    Long finishedAt = last.finishedAt();
    long from = last.state().isFinished() && finishedAt != null ? Math.min(finishedAt, now) : now;
    return entry.schedule().nextAfter(from);
  }

  private static @Nullable LastRun last(WriteSession session, @Nullable Long id) {
    return id == null
        ? null
        : session
            .query(LAST)
            .bind("id", id)
            .map(
                row ->
                    new LastRun(
                        JobState.of(text(row, "state")), row.get("finished_at", Long.class)))
            .one()
            .orElse(null);
  }

  private static Entry entry(Row row, long now) {
    String name = text(row, "name");
    JobRow job =
        new JobRow(
            text(row, "queue"),
            text(row, "type"),
            JobState.AVAILABLE,
            row.getInt("priority"),
            now,
            null,
            row.getInt("max_attempts"),
            text(row, "payload"),
            "recurring:" + name,
            row.getString("group_key"),
            now);
    return new Entry(
        name,
        job,
        Schedule.of(text(row, "schedule"), text(row, "zone")),
        row.getLong("next_run_at"),
        row.get("last_job_id", Long.class));
  }

  private static String text(Row row, String column) {
    return String.valueOf(row.getString(column));
  }
}
