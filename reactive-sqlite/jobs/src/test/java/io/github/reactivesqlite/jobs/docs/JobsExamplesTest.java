package io.github.reactivesqlite.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.jobs.Backoff;
import io.github.reactivesqlite.jobs.Enqueued;
import io.github.reactivesqlite.jobs.JacksonCodec;
import io.github.reactivesqlite.jobs.JobFilter;
import io.github.reactivesqlite.jobs.JobInfo;
import io.github.reactivesqlite.jobs.JobState;
import io.github.reactivesqlite.jobs.JobTester;
import io.github.reactivesqlite.jobs.JobType;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.Schedule;
import io.github.reactivesqlite.jobs.Workers;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/jobs.md. */
class JobsExamplesTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  // region: jobs-type
  record Episode(long id, String url) {}

  static final JobType<Episode> TRANSCRIBE =
      JobType.of("transcribe", JacksonCodec.of(Episode.class))
          .queue("transcripts")
          .maxAttempts(5)
          .timeout(Duration.ofMinutes(10))
          .backoff(Backoff.exponential(Duration.ofSeconds(2), Duration.ofMinutes(5)));

  // endregion

  private SqliteDatabase db;
  private Jobs jobs;

  @BeforeEach
  void open() {
    db = SqliteDatabase.temporary();
    jobs = Jobs.of(db);
    jobs.migrate().block(WAIT);
    db.script(
            "CREATE TABLE episode (id INTEGER PRIMARY KEY, url TEXT);"
                + " CREATE TABLE transcript (episode INTEGER PRIMARY KEY, text TEXT)")
        .block(WAIT);
  }

  @AfterEach
  void close() {
    jobs.close();
    db.close();
  }

  private Mono<String> transcribe(String url) {
    return Mono.just("text of " + url);
  }

  @Test
  void aJobFromEnqueueToItsRows() {
    // region: jobs-workers
    Workers workers =
        jobs.queue("transcripts")
            .workers()
            .handle(
                TRANSCRIBE,
                job ->
                    transcribe(job.payload().url())
                        .flatMap(
                            text ->
                                job.completeWith(
                                    session ->
                                        session
                                            .update(
                                                "INSERT INTO transcript (episode, text)"
                                                    + " VALUES (:episode, :text)")
                                            .bind("episode", job.payload().id())
                                            .bind("text", text)
                                            .execute()))
                        .then())
            .concurrency(4)
            .start();
    // endregion
    // region: jobs-enqueue
    Mono<Enqueued> enqueued =
        jobs.enqueue(
            TRANSCRIBE
                .job(new Episode(7, "http://localhost/7.mp3"))
                .uniqueKey("transcribe:7")
                .priority(5));
    // endregion
    long id = enqueued.block(WAIT).id();
    JobInfo done =
        jobs.find(id)
            .filter(job -> job.state() == JobState.COMPLETED)
            .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(5)))
            .block(WAIT);
    assertThat(done.attempt()).isEqualTo(1);
    assertThat(db.query("SELECT text FROM transcript").mapTo(String.class).one().block(WAIT))
        .isEqualTo("text of http://localhost/7.mp3");
    // region: jobs-stop
    Mono<Void> stopped = workers.stop(Duration.ofSeconds(10));
    // endregion
    stopped.block(WAIT);
  }

  @Test
  void inTheCallersUnit() {
    Episode episode = new Episode(8, "http://localhost/8.mp3");
    // region: jobs-transactional
    Mono<Enqueued> saved =
        db.write(
            session -> {
              session
                  .update("INSERT INTO episode (id, url) VALUES (:id, :url)")
                  .bind("id", episode.id())
                  .bind("url", episode.url())
                  .execute();
              return jobs.enqueue(session, TRANSCRIBE.job(episode));
            });
    // endregion
    assertThat(saved.block(WAIT).duplicate()).isFalse();
  }

  @Test
  void recurring() {
    // region: jobs-recurring
    Mono<Void> nightly =
        jobs.recurring(
            "refresh-feeds",
            Schedule.cron("15 3 * * *", ZoneId.of("Europe/Berlin")),
            TRANSCRIBE.job(new Episode(0, "http://localhost/feed")));
    // endregion
    nightly.block(WAIT);
    assertThat(jobs.removeRecurring("refresh-feeds").block(WAIT)).isTrue();
  }

  @Test
  void pausing() {
    Mono<Long> importFeeds = Mono.just(3L);
    // region: jobs-paused-while
    Mono<Long> imported = jobs.queue("transcripts").pausedWhile(importFeeds);
    // endregion
    assertThat(imported.block(WAIT)).isEqualTo(3);
  }

  @Test
  void looking() {
    // region: jobs-listing
    Flux<JobInfo> failed =
        jobs.list(JobFilter.all().inQueue("transcripts").inState(JobState.DISCARDED).limit(20));
    Mono<Long> tryAgain = jobs.redriveAll("transcripts");
    // endregion
    assertThat(failed.collectList().block(WAIT)).isEmpty();
    assertThat(tryAgain.block(WAIT)).isZero();
  }

  @Test
  void testing() {
    // region: jobs-tester
    try (JobTester tester = JobTester.on(db)) {
      tester.handle(TRANSCRIBE, job -> Mono.error(new IllegalStateException("503")));
      tester.jobs().enqueue(TRANSCRIBE.job(new Episode(9, "http://localhost/9"))).block(WAIT);

      assertThat(tester.runNext().block(WAIT).state()).isEqualTo(JobState.RETRYABLE);
      assertThat(tester.runNext().block(WAIT)).isNull();
      tester.advance(Duration.ofSeconds(10));
      assertThat(tester.runNext().block(WAIT).attempt()).isEqualTo(2);
    }
    // endregion
  }
}
