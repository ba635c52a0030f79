package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Row;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads jobs for people. */
final class JobListing {

  private static final String OF_QUEUE = " AND queue = :queue";

  /** A part for each index, since one of all jobs would cost each change of a job's state. */
  static final String COUNTS =
      "SELECT queue, state, count(*) FROM jobs_job WHERE finished_at IS NOT NULL%s"
          + " GROUP BY queue, state"
          + " UNION ALL SELECT queue, 'available', count(*) FROM jobs_job"
          + " WHERE state = 'available'%s GROUP BY queue"
          + " UNION ALL SELECT queue, 'running', count(*) FROM jobs_job"
          + " WHERE state = 'running'%s GROUP BY queue"
          + " UNION ALL SELECT queue, state, count(*) FROM jobs_job"
          + " WHERE state IN ('scheduled', 'retryable')%s GROUP BY queue, state";

  private final ReactiveDatabase db;

  JobListing(ReactiveDatabase db) {
    this.db = db.with(OperationOptions.labelled("jobs.list"));
  }

  Mono<JobInfo> find(long id) {
    return db.query("SELECT " + JobInfo.COLUMNS + " FROM jobs_job WHERE id = :id")
        .bind("id", id)
        .map(JobInfo::of)
        .one();
  }

  Flux<JobInfo> list(JobFilter filter) {
    Map<String, Object> values = new HashMap<>();
    String sql = sql(filter, values);
    return db.query(sql).bindAll(values).map(JobInfo::of).all();
  }

  /** The statement of a page; its values are put into the map. */
  static String sql(JobFilter filter, Map<String, Object> values) {
    StringBuilder sql = new StringBuilder("SELECT " + JobInfo.COLUMNS + " FROM jobs_job");
    String id = isSorted(filter) ? "+id" : "id";
    sql.append(" WHERE ").append(id).append(" < :before");
    values.put("before", filter.beforeId());
    if (filter.queue() != null) {
      sql.append(" AND queue = :queue");
      values.put("queue", filter.queue());
    }
    if (filter.type() != null) {
      sql.append(" AND type = :type");
      values.put("type", filter.type());
    }
    if (filter.state() != null) {
      sql.append(" AND state = :state");
      values.put("state", filter.state().stored());
      sql.append(reachable(filter.state()));
    }
    values.put("limit", filter.limit());
    return sql.append(" ORDER BY ").append(id).append(" DESC LIMIT :limit").toString();
  }

  /** Whether the jobs are sorted: the index of few jobs is better than a walk through all. */
  private static boolean isSorted(JobFilter filter) {
    if (filter.state() == null) {
      return false;
    }
    return switch (filter.state()) {
      case RUNNING -> true;
      case SCHEDULED, RETRYABLE -> filter.queue() == null;
      case AVAILABLE, COMPLETED, CANCELLED, DISCARDED -> false;
    };
  }

  /** Says the condition of an index, which a parameter does not. */
  private static String reachable(JobState state) {
    return switch (state) {
      case AVAILABLE -> "";
      case RUNNING -> " AND state = 'running'";
      case SCHEDULED, RETRYABLE -> " AND state IN ('scheduled', 'retryable')";
      case COMPLETED, CANCELLED, DISCARDED -> " AND finished_at IS NOT NULL";
    };
  }

  private record Count(String queue, JobState state, long jobs) {}

  private static Count count(Row row) {
    return new Count(
        String.valueOf(row.getString(1)),
        JobState.of(String.valueOf(row.getString(2))),
        row.getLong(3));
  }

  Mono<Map<String, Map<JobState, Long>>> counts() {
    return db.query(COUNTS.formatted("", "", "", ""))
        .map(JobListing::count)
        .all()
        .collect(
            TreeMap::new,
            (queues, count) ->
                queues
                    .computeIfAbsent(count.queue(), name -> zeros())
                    .put(count.state(), count.jobs()));
  }

  Mono<Map<JobState, Long>> counts(String queue) {
    return db.query(COUNTS.formatted(OF_QUEUE, OF_QUEUE, OF_QUEUE, OF_QUEUE))
        .bind("queue", queue)
        .map(JobListing::count)
        .all()
        .collect(JobListing::zeros, (counts, count) -> counts.put(count.state(), count.jobs()));
  }

  private static Map<JobState, Long> zeros() {
    Map<JobState, Long> zeros = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      zeros.put(state, 0L);
    }
    return zeros;
  }
}
