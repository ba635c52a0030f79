package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Only the attempt that a job has now can say what became of it. */
class FencingTest extends JobsFixture {

  private final AtomicLong nanos = new AtomicLong();

  @Override
  JobsOptions options() {
    return JobsOptions.defaults().nanoTime(nanos::get).lease(Duration.ofSeconds(4));
  }

  private ClaimedJob claim() {
    List<ClaimedJob> claimed =
        Bounded.get(
            jobs.engine()
                .claims()
                .claim(
                    new ClaimStore.Request(
                        "default", Set.of("text"), 1, 0, Set.of(), "test", 4_000, 0)));
    return claimed.get(0);
  }

  /** Watches for a time in steps that a watcher makes. */
  private int watch(OrphanWatch watch, Duration time) {
    int rescued = Bounded.get(watch.scan());
    for (long passed = 0; passed <= time.toMillis(); passed += 1_000) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      rescued += Bounded.get(watch.scan());
    }
    return rescued;
  }

  @Test
  void aLateWorkerCannotFinishWhatAnotherOwns() {
    long id = enqueue("x");
    ClaimedJob late = claim();
    assertThat(watch(new OrphanWatch(db, options()), Duration.ofSeconds(6))).isEqualTo(1);
    ClaimedJob current = claim();
    assertThat(current.attempt()).isEqualTo(2);

    assertThatThrownBy(
            () ->
                Bounded.get(
                    jobs.engine()
                        .acknowledgements()
                        .submit(late.lease(), Outcome.COMPLETED)
                        .thenReturn(1)))
        .isInstanceOf(LeaseLostException.class);
    assertThat(info(id).state()).isEqualTo(JobState.RUNNING);

    // Both in one flush: each is judged by its own token
    var both =
        Bounded.get(
            jobs.engine()
                .outcomes()
                .write(
                    List.of(
                        new OutcomeStore.Entry(late.lease(), Outcome.COMPLETED),
                        new OutcomeStore.Entry(current.lease(), Outcome.COMPLETED)),
                    0));
    assertThat(both).containsExactly(current.lease().token());
    assertThat(info(id).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aStaleTokenKeepsNeitherRowsNorCompletion() {
    Bounded.get(db.script("CREATE TABLE result (text TEXT)").thenReturn(1));
    long id = enqueue("x");
    ClaimedJob late = claim();
    watch(new OrphanWatch(db, options()), Duration.ofSeconds(6));
    claim();

    assertThatThrownBy(
            () ->
                Bounded.get(
                    jobs.engine()
                        .outcomes()
                        .completeWith(
                            late.lease(),
                            session ->
                                session.update("INSERT INTO result VALUES ('late')").execute(),
                            0)))
        .isInstanceOf(LeaseLostException.class);
    assertThat(Bounded.get(db.query("SELECT count(*) FROM result").mapTo(Long.class).one()))
        .isZero();
    assertThat(info(id).state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aHeartbeatKeepsALease() {
    enqueue("x");
    ClaimedJob job = claim();
    OrphanWatch watch = new OrphanWatch(db, options());
    for (int i = 0; i < 5; i++) {
      assertThat(watch(watch, Duration.ofSeconds(2))).isZero();
      assertThat(Bounded.get(jobs.engine().outcomes().beat(List.of(job.lease()))))
          .containsEntry(job.lease().token(), false);
    }
  }

  @Test
  void aWatcherThatWasStoppedItselfCountsNothingOfThatTime() {
    enqueue("x");
    claim();
    OrphanWatch watch = new OrphanWatch(db, options());
    assertThat(Bounded.get(watch.scan())).isZero();
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(Bounded.get(watch.scan())).isZero();
    assertThat(watch(watch, Duration.ofSeconds(4))).isEqualTo(1);
  }

  @Test
  void theWallClockMeansNothingToALease() {
    enqueue("x");
    claim();
    for (String time : List.of("2030-01-01T00:00:00Z", "1980-01-01T00:00:00Z")) {
      Clock moved = Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
      assertThat(watch(new OrphanWatch(db, options().clock(moved)), Duration.ofSeconds(3)))
          .isZero();
    }
  }

  @Test
  void anOrphanOfItsLastAttemptIsDiscardedWithTheReason() {
    long id = enqueue(TEXT.job("x").maxAttempts(1));
    claim();
    watch(new OrphanWatch(db, options()), Duration.ofSeconds(6));
    assertThat(info(id).state()).isEqualTo(JobState.DISCARDED);
    assertThat(info(id).error()).contains("no sign of life");
  }

  @Test
  void anOutcomeThatWasCommittedUnnoticedIsNotLostWhenItIsWrittenAgain() {
    enqueue("x");
    ClaimedJob job = claim();
    var entry = List.of(new OutcomeStore.Entry(job.lease(), Outcome.COMPLETED));
    assertThat(Bounded.get(jobs.engine().outcomes().write(entry, 0))).hasSize(1);
    assertThat(Bounded.get(jobs.engine().outcomes().write(entry, 0))).hasSize(1);
  }
}
