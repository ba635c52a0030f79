package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The versions of the tables, and what the counts that stand on their indexes say. */
class JobsSchemaTest {

  private static final String INSERT =
      "INSERT INTO jobs_job (queue, type, state, priority, run_at, max_attempts, enqueued_at,"
          + " finished_at, payload) VALUES (:queue, 'text', :state, 0, 0, 3, 0, :finished, 'x')";

  @Test
  void tablesOfAnEarlierVersionAreBroughtUpToDateWithTheirJobs() throws Exception {
    try (SqliteDatabase db = SqliteDatabase.temporary();
        Jobs jobs = Jobs.of(db)) {
      Bounded.get(asVersionOneLeftThem(db).thenReturn(1));
      long job = insert(db, "default", JobState.DISCARDED);

      Bounded.get(jobs.migrate().thenReturn(1));
      Bounded.get(jobs.migrate().thenReturn(1));

      assertThat(versions(db)).containsExactly(1L, 2L);
      assertThat(Bounded.get(jobs.find(job)).state()).isEqualTo(JobState.DISCARDED);
      assertThat(Bounded.get(jobs.queue().counts())).containsEntry(JobState.DISCARDED, 1L);
    }
  }

  @Test
  void tablesOfANewerProgramAreLeftAlone() {
    try (SqliteDatabase db = SqliteDatabase.temporary();
        Jobs jobs = Jobs.of(db)) {
      Bounded.get(jobs.migrate().thenReturn(1));
      Bounded.get(
          db.update("INSERT INTO jobs_schema (version, applied_at) VALUES (99, 0)").rowsUpdated());

      Throwable refused =
          Bounded.get(jobs.migrate().thenReturn(new Throwable()).onErrorResume(Mono::just));

      assertThat(refused)
          .isInstanceOf(JobException.class)
          .hasMessageContaining("version 99")
          .hasMessageContaining("newer program");
    }
  }

  /** Each state has an index of its own that its count comes from. */
  @Test
  void everyJobIsCountedOnce() {
    try (SqliteDatabase db = SqliteDatabase.temporary();
        Jobs jobs = Jobs.of(db)) {
      Bounded.get(jobs.migrate().thenReturn(1));
      Map<JobState, Long> expected = new EnumMap<>(JobState.class);
      for (JobState state : JobState.values()) {
        long count = 2L + state.ordinal();
        expected.put(state, count);
        for (long i = 0; i < count; i++) {
          insert(db, "mail", state);
        }
        insert(db, "other", state);
      }

      Map<String, Map<JobState, Long>> all = Bounded.get(jobs.counts());

      assertThat(all).containsOnlyKeys("mail", "other");
      assertThat(all.get("mail")).isEqualTo(expected);
      assertThat(all.get("other")).hasSize(7).allSatisfy((state, n) -> assertThat(n).isOne());
      assertThat(Bounded.get(jobs.queue("mail").counts())).isEqualTo(expected);
      assertThat(Bounded.get(jobs.queue("none").counts()))
          .hasSize(7)
          .allSatisfy((state, n) -> assertThat(n).isZero());
      for (JobState state : JobState.values()) {
        JobFilter filter = JobFilter.all().inQueue("mail").inState(state);
        assertThat(Bounded.get(jobs.list(filter).collectList()))
            .as("listed as %s", state)
            .hasSize(expected.get(state).intValue())
            .allSatisfy(job -> assertThat(job.state()).isEqualTo(state));
      }
    }
  }

  private static Mono<Void> asVersionOneLeftThem(SqliteDatabase db) throws Exception {
    try (InputStream tables =
        Objects.requireNonNull(Jobs.class.getResourceAsStream("schema-1.sql"))) {
      return db.script(
          new String(tables.readAllBytes(), StandardCharsets.UTF_8)
              + "CREATE TABLE jobs_schema (version INTEGER PRIMARY KEY,"
              + " applied_at INTEGER NOT NULL);"
              + "INSERT INTO jobs_schema (version, applied_at) VALUES (1, 0);");
    }
  }

  private static List<Long> versions(SqliteDatabase db) {
    return Bounded.get(
        db.query("SELECT version FROM jobs_schema ORDER BY version")
            .mapTo(Long.class)
            .all()
            .collectList());
  }

  private static long insert(SqliteDatabase db, String queue, JobState state) {
    return Bounded.get(
        db.update(INSERT + " RETURNING id")
            .bind("queue", queue)
            .bind("state", state.stored())
            .bind("finished", state.isFinished() ? Long.valueOf(1) : null)
            .returning(Long.class)
            .one());
  }
}
