package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.ReactiveDatabase;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads jobs for people. */
final class JobListing {

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
    StringBuilder sql = new StringBuilder("SELECT " + JobInfo.COLUMNS + " FROM jobs_job");
    Map<String, Object> values = new HashMap<>();
    sql.append(" WHERE id < :before");
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
    }
    values.put("limit", filter.limit());
    Query query = db.query(sql + " ORDER BY id DESC LIMIT :limit").bindAll(values);
    return query.map(JobInfo::of).all();
  }

  private record Count(String queue, JobState state, long jobs) {}

  Mono<Map<String, Map<JobState, Long>>> counts() {
    return db.query("SELECT queue, state, count(*) FROM jobs_job GROUP BY queue, state")
        .map(
            row ->
                new Count(
                    String.valueOf(row.getString(1)),
                    JobState.of(String.valueOf(row.getString(2))),
                    row.getLong(3)))
        .all()
        .collect(
            TreeMap::new,
            (queues, count) ->
                queues
                    .computeIfAbsent(count.queue(), name -> zeros())
                    .put(count.state(), count.jobs()));
  }

  Mono<Map<JobState, Long>> counts(String queue) {
    return db.query("SELECT state, count(*) FROM jobs_job WHERE queue = :queue GROUP BY state")
        .bind("queue", queue)
        .map(row -> new Count(queue, JobState.of(String.valueOf(row.getString(1))), row.getLong(2)))
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
