package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** The versions of the tables, and the counts, lists and changes that stand on their indexes. */
class JobsSchemaTest {

  private static final Predicate<String> WALK =
      line -> line.startsWith("SCAN") && !line.contains("INDEX");

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

  /** The database's limit is for the statements of people. */
  @Test
  void tablesOfManyJobsMayTakeLongerThanAStatement(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("many.db");
    try (SqliteDatabase db = SqliteDatabase.open(file)) {
      Bounded.get(asVersionOneLeftThem(db).thenReturn(1));
      Bounded.get(
          db.update(
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000)"
                      + " INSERT INTO jobs_job (queue, type, state, priority, run_at, max_attempts,"
                      + " enqueued_at, finished_at, payload)"
                      + " SELECT 'q' || i, 'text', 'completed', 0, 0, 3, 0, 1, 'x' FROM n")
              .rowsUpdated());
    }
    Duration shortest = Duration.ofMillis(1);
    try (SqliteDatabase db =
            SqliteDatabase.builder(file)
                .config(config -> config.executionTimeout(shortest))
                .build();
        Jobs jobs = Jobs.of(db)) {
      Bounded.get(jobs.migrate().thenReturn(1));
    }
    try (SqliteDatabase db = SqliteDatabase.open(file)) {
      assertThat(versions(db)).containsExactly(1L, 2L);
    }
  }

  @Test
  void nothingWalksThroughAllJobs() {
    try (SqliteDatabase db = SqliteDatabase.temporary();
        Jobs jobs = Jobs.of(db)) {
      Bounded.get(jobs.migrate().thenReturn(1));

      String ofQueue = " AND queue = 'q'";
      assertThat(plan(db, JobListing.COUNTS.formatted("", "", "", ""))).noneMatch(WALK);
      assertThat(plan(db, JobListing.COUNTS.formatted(ofQueue, ofQueue, ofQueue, ofQueue)))
          .noneMatch(WALK)
          .filteredOn(line -> line.contains("jobs_job"))
          .allMatch(line -> line.contains("INDEX"));
      assertThat(plan(db, Jobs.REDRIVE_ALL))
          .noneMatch(WALK)
          .anyMatch(line -> line.contains("jobs_job_outcome"))
          .anyMatch(line -> line.contains("jobs_job_unique"))
          .anyMatch(line -> line.contains("jobs_job_discarded"));
      assertThat(listed(db, JobFilter.all().inQueue("q").inState(JobState.SCHEDULED)))
          .anyMatch(line -> line.contains("jobs_job_later"))
          .noneMatch(line -> line.contains("TEMP B-TREE"));
      assertThat(listed(db, JobFilter.all().inState(JobState.RETRYABLE)))
          .noneMatch(WALK)
          .noneMatch(line -> line.contains("INTEGER PRIMARY KEY"));
      assertThat(listed(db, JobFilter.all().inState(JobState.RUNNING)))
          .anyMatch(line -> line.contains("jobs_job_running"));
      assertThat(listed(db, JobFilter.all().inQueue("q").inState(JobState.DISCARDED)))
          .anyMatch(line -> line.contains("jobs_job_outcome"))
          .noneMatch(line -> line.contains("TEMP B-TREE"));
    }
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void pagesAreOfTheStateNewestFirst(JobState state) {
    try (SqliteDatabase db = SqliteDatabase.temporary();
        Jobs jobs = Jobs.of(db)) {
      Bounded.get(jobs.migrate().thenReturn(1));
      List<Long> mail = new ArrayList<>();
      List<Long> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        mail.add(0, insert(db, "mail", state));
        all.add(0, mail.get(0));
        all.add(0, insert(db, "other", state));
        for (JobState another : JobState.values()) {
          if (another != state) {
            insert(db, "mail", another);
          }
        }
      }

      assertThat(inPages(jobs, JobFilter.all().inState(state))).isEqualTo(all);
      assertThat(inPages(jobs, JobFilter.all().inState(state).inQueue("mail"))).isEqualTo(mail);
    }
  }

  private static List<Long> inPages(Jobs jobs, JobFilter filter) {
    List<Long> ids = new ArrayList<>();
    List<JobInfo> page = Bounded.get(jobs.list(filter.limit(2)).collectList());
    while (!page.isEmpty()) {
      page.forEach(job -> ids.add(job.id()));
      long last = ids.get(ids.size() - 1);
      page = Bounded.get(jobs.list(filter.limit(2).before(last)).collectList());
    }
    return ids;
  }

  private static List<String> listed(SqliteDatabase db, JobFilter filter) {
    return plan(db, JobListing.sql(filter, new HashMap<>()));
  }

  private static List<String> plan(SqliteDatabase db, String sql) {
    return Bounded.get(
        db.query("EXPLAIN QUERY PLAN " + sql.replaceAll(":\\w+", "1"))
            .map(row -> row.getString("detail"))
            .all()
            .collectList());
  }

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
