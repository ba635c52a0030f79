package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Time passes when the test says so. */
class JobTesterTest extends JobsFixture {

  record Episode(long id, String url) {}

  private JobTester tester;

  @BeforeEach
  void tester() {
    tester = JobTester.on(db);
  }

  @AfterEach
  void closeTester() {
    tester.close();
  }

  private List<JobState> runDue() {
    return Bounded.get(tester.runDue().map(JobInfo::state).collectList());
  }

  @Test
  void aRetryIsDueAfterItsPauseAndNotBefore() {
    JobType<String> type =
        TEXT.backoff(new Backoff(Duration.ofHours(1), Duration.ofHours(3), 2, 0)).maxAttempts(4);
    tester.handle(type, job -> Mono.error(new IllegalStateException("no")));
    Bounded.get(tester.jobs().enqueue(type.job("x")));

    assertThat(runDue()).containsExactly(JobState.RETRYABLE);
    tester.advance(Duration.ofMinutes(59));
    assertThat(runDue()).isEmpty();
    tester.advance(Duration.ofMinutes(1));
    assertThat(runDue()).containsExactly(JobState.RETRYABLE);
    tester.advance(Duration.ofHours(2));
    assertThat(runDue()).containsExactly(JobState.RETRYABLE);
    tester.advance(Duration.ofHours(3));
    assertThat(runDue()).containsExactly(JobState.DISCARDED);
  }

  @Test
  void aRecordTravelsAsJson() {
    JobType<Episode> type = JobType.of("transcribe", JacksonCodec.of(Episode.class));
    tester.handle(
        type,
        job -> {
          assertThat(job.payload()).isEqualTo(new Episode(7, "http://localhost/7"));
          return Mono.empty();
        });
    Bounded.get(tester.jobs().enqueue(type.job(new Episode(7, "http://localhost/7"))));
    assertThat(runDue()).containsExactly(JobState.COMPLETED);
  }

  @Test
  void oldFinishedJobsArePruned() {
    tester.handle(TEXT, job -> Mono.empty());
    Bounded.get(tester.jobs().enqueue(TEXT.job("x")));
    runDue();
    Bounded.get(tester.jobs().enqueue(TEXT.job("y").delay(Duration.ofDays(9))));
    tester.advance(Duration.ofDays(8));
    assertThat(Bounded.get(tester.jobs().prune(Duration.ofDays(9)))).isZero();
    assertThat(Bounded.get(tester.jobs().prune(Duration.ofDays(7)))).isEqualTo(1);
    assertThat(Bounded.get(jobs.list(JobFilter.all()).count())).isEqualTo(1);
  }

  @Test
  void redriveOfManyKeepsUniqueKeysUnique() {
    JobType<String> once = TEXT.maxAttempts(1);
    tester.handle(once, job -> Mono.error(new IllegalStateException("no")));
    for (int i = 0; i < 3; i++) {
      Bounded.get(tester.jobs().enqueue(once.job("x").uniqueKey("k")));
      Bounded.get(tester.jobs().enqueue(once.job("y")));
      runDue();
    }
    assertThat(Bounded.get(tester.jobs().redriveAll("default"))).isEqualTo(4);
    assertThat(Bounded.get(jobs.queue().counts()))
        .containsEntry(JobState.AVAILABLE, 4L)
        .containsEntry(JobState.DISCARDED, 2L);
  }

  @Test
  void redriveOfAUnitThatFailsIsUndone() {
    JobType<String> once = TEXT.maxAttempts(1);
    tester.handle(once, job -> Mono.error(new IllegalStateException("no")));
    Bounded.get(tester.jobs().enqueue(once.job("x")));
    runDue();
    assertThatThrownBy(
            () ->
                Bounded.get(
                    db.write(
                        session -> {
                          assertThat(tester.jobs().redriveAll(session, "default")).isEqualTo(1);
                          throw new IllegalArgumentException("the unit's own");
                        })))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(inState(JobState.DISCARDED)).isEqualTo(1);

    Mono<Long> redriven = db.write(session -> tester.jobs().redriveAll(session, "default"));
    assertThat(Bounded.get(redriven)).isEqualTo(1);
    assertThat(inState(JobState.AVAILABLE)).isEqualTo(1);
  }

  @Nested
  class Recurring {

    @Test
    void aCronJobIsEnqueuedOncePerTimeAndMissedOnesOnce() {
      tester.handle(TEXT, job -> Mono.empty());
      Bounded.get(
          tester
              .jobs()
              .recurring(
                  "nightly", Schedule.cron("15 3 * * *", ZoneId.of("Europe/Berlin")), TEXT.job("x"))
              .thenReturn(1));
      assertThat(runDue()).isEmpty();
      // The longest day, that on which the clocks go back
      tester.advance(Duration.ofHours(25));
      assertThat(runDue()).hasSize(1);
      assertThat(runDue()).isEmpty();
      tester.advance(Duration.ofDays(10));
      assertThat(runDue()).hasSize(1);
    }

    @Test
    void aFixedDelayCountsFromTheEnd() {
      tester.handle(
          TEXT,
          job -> {
            tester.advance(Duration.ofMinutes(5));
            return Mono.empty();
          });
      Bounded.get(
          tester
              .jobs()
              .recurring("poll", Schedule.fixedDelay(Duration.ofMinutes(1)), TEXT.job("x"))
              .thenReturn(1));
      assertThat(runDue()).hasSize(1);
      assertThat(runDue()).isEmpty();
      tester.advance(Duration.ofSeconds(59));
      assertThat(runDue()).isEmpty();
      tester.advance(Duration.ofSeconds(1));
      assertThat(runDue()).hasSize(1);
      assertThat(Bounded.get(tester.jobs().removeRecurring("poll"))).isTrue();
      tester.advance(Duration.ofHours(1));
      assertThat(runDue()).isEmpty();
    }

    @Test
    void aClockThatGoesBackDoesNotHoldUpACronJob() {
      tester.handle(TEXT, job -> Mono.empty());
      tester.advance(Duration.ofDays(365));
      Bounded.get(
          tester
              .jobs()
              .recurring("hourly", Schedule.cron("0 * * * *", ZoneOffset.UTC), TEXT.job("x"))
              .thenReturn(1));
      tester.advance(Duration.ofDays(-365));
      assertThat(runDue()).isEmpty();
      tester.advance(Duration.ofHours(1));
      assertThat(runDue()).hasSize(1);
    }

    @Test
    void timesAreThoseOfTheZone() {
      ZoneId berlin = ZoneId.of("Europe/Berlin");
      Schedule schedule = Schedule.cron("30 2 * * *", berlin);
      assertThat(nextAfter(schedule, "2026-03-27T12:00", berlin)).isEqualTo("2026-03-28T01:30:00Z");
      // 2:30 does not exist on the 29th
      assertThat(nextAfter(schedule, "2026-03-28T12:00", berlin)).isEqualTo("2026-03-30T00:30:00Z");
      assertThat(nextAfter(schedule, "2026-10-24T12:00", berlin)).isEqualTo("2026-10-25T00:30:00Z");
      assertThat(Schedule.cron("*/10 * * * * *", berlin).nextAfter(0)).isEqualTo(10_000);
      assertThatThrownBy(() -> Schedule.cron("61 * * * *", berlin))
          .isInstanceOf(IllegalArgumentException.class);
    }

    private String nextAfter(Schedule schedule, String local, ZoneId zone) {
      long from = LocalDateTime.parse(local).atZone(zone).toInstant().toEpochMilli();
      return Instant.ofEpochMilli(schedule.nextAfter(from)).toString();
    }
  }
}
