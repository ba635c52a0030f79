package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Many callers at once. */
abstract class LoadContract extends ReactiveDatabaseContract {

  private static final int WRITERS = 64;
  private static final int WRITES_EACH = 1_000;

  @BeforeEach
  void createLog() {
    await(
        db().script(
                "CREATE TABLE log (place INTEGER PRIMARY KEY AUTOINCREMENT, writer INTEGER, n"
                    + " INTEGER)"));
  }

  private Mono<Long> log(int writer, int n) {
    return db().update("INSERT INTO log (writer, n) VALUES (:writer, :n)")
        .bind("writer", writer)
        .bind("n", n)
        .rowsUpdated();
  }

  private void everyRowIsThereInTheOrderOfItsWriter() {
    assertThat(count("log")).isEqualTo((long) WRITERS * WRITES_EACH);
    assertThat(
            get(
                db().query(
                        "SELECT count(*) FROM (SELECT n, row_number() OVER (PARTITION BY writer"
                            + " ORDER BY place) AS turn FROM log) WHERE n <> turn")
                    .mapTo(Long.class)
                    .one()))
        .as("rows out of their writer's order")
        .isZero();
  }

  @Test
  @Tag("process")
  void manyWritersThatWaitForEachAnswer() {
    StepVerifier.create(
            Flux.range(0, WRITERS)
                .flatMap(
                    writer ->
                        Flux.range(1, WRITES_EACH)
                            .concatMap(n -> log(writer, n))
                            .subscribeOn(Schedulers.parallel()),
                    WRITERS)
                .count())
        .expectNext((long) WRITERS * WRITES_EACH)
        .expectComplete()
        .verify(LIMIT.multipliedBy(6));

    everyRowIsThereInTheOrderOfItsWriter();
    assertThat(db().stats().writes().failedUnits()).isZero();
  }

  @Test
  @Tag("process")
  void manyWritersWithManyWritesInFlightEach() {
    StepVerifier.create(
            Flux.range(0, WRITERS)
                .flatMap(
                    writer ->
                        Flux.range(1, WRITES_EACH)
                            .flatMapSequential(n -> log(writer, n), 32)
                            .subscribeOn(Schedulers.parallel()),
                    WRITERS)
                .count())
        .expectNext((long) WRITERS * WRITES_EACH)
        .expectComplete()
        .verify(LIMIT.multipliedBy(6));

    assertThat(count("log")).isEqualTo((long) WRITERS * WRITES_EACH);
    assertThat(db().stats().writes().failedUnits()).isZero();
    assertThat(db().stats().writes().commits()).isLessThan((long) WRITERS * WRITES_EACH / 4);
  }

  @Test
  void writesOfOneThreadRunInTheOrderOfTheirSubscription() {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger answered = new AtomicInteger();
    for (int n = 1; n <= 2_000; n++) {
      log(1, n).subscribe(rows -> answered.incrementAndGet(), failures::add);
    }

    eventually("all are answered", () -> answered.get() == 2_000);

    assertThat(failures).isEmpty();
    assertThat(all(db().query("SELECT n FROM log ORDER BY place").mapTo(Integer.class).all()))
        .isSorted()
        .hasSize(2_000);
  }

  @Test
  void everybodySeesWhatWasAcknowledgedToThem() {
    AtomicLong ids = new AtomicLong();

    List<Boolean> seen =
        all(
            Flux.range(0, 16)
                .flatMap(
                    caller ->
                        Flux.range(0, 150)
                            .concatMap(
                                i -> {
                                  long id = ids.incrementAndGet();
                                  return insert(id).then(isThere(id, i));
                                })
                            .subscribeOn(Schedulers.parallel()),
                    16));

    assertThat(seen).hasSize(16 * 150).doesNotContain(false);
  }

  private Mono<Boolean> isThere(long id, int way) {
    String sql = "SELECT EXISTS (SELECT 1 FROM item WHERE id = :id)";
    return switch (way % 4) {
      case 0 -> db().query(sql).bind("id", id).mapTo(Boolean.class).one();
      case 1 -> db().query(sql).bind("id", id).mapTo(Boolean.class).all().next();
      case 2 ->
          db().read(
                  session ->
                      session.query(sql).bind("id", id).mapTo(Boolean.class).one().orElseThrow());
      default ->
          db().withSnapshot(open -> open.query(sql).bind("id", id).mapTo(Boolean.class).one());
    };
  }

  @Test
  void thousandReadsOpenNoMoreConnectionsThanConfigured() {
    fill(500);
    // Readers as configured, the writer, and the one that looks after the log
    int most = setup().readers() + 2;
    AtomicInteger peak = new AtomicInteger();

    Long rows =
        get(
            Flux.range(0, 1_000)
                .flatMap(
                    i ->
                        db().query("SELECT id FROM item ORDER BY name")
                            .mapTo(Long.class)
                            .all()
                            .count()
                            .doOnNext(
                                counted ->
                                    peak.accumulateAndGet(
                                        db().stats().reads().active(), Math::max)),
                    1_000)
                .reduce(0L, Long::sum));

    assertThat(rows).isEqualTo(500_000);
    assertThat(peak.get()).isBetween(1, setup().readers());
    assertThat(backend().openConnections()).isLessThanOrEqualTo(most);
  }

  @Test
  void readsAndWritesOfManyCallersMix() {
    AtomicInteger wrong = new AtomicInteger();

    await(
        Flux.range(1, 3_000)
            .flatMap(
                id ->
                    switch (id % 3) {
                      case 0 -> insert(id).then();
                      case 1 ->
                          db().write(
                                  session ->
                                      session
                                              .update(INSERT)
                                              .bind("id", id)
                                              .bind("name", "n")
                                              .execute()
                                          + session
                                              .update("INSERT INTO note (item) VALUES (?)")
                                              .bind(1, id)
                                              .execute())
                              .then();
                      default ->
                          db().read(
                                  session ->
                                      session
                                          .query(
                                              "SELECT count(*) FROM item WHERE id % 3 = 1 AND id"
                                                  + " NOT IN (SELECT item FROM note)")
                                          .mapTo(Integer.class)
                                          .one()
                                          .orElseThrow())
                              .doOnNext(wrong::addAndGet)
                              .then();
                    },
                128)
            .then());

    assertThat(wrong).as("half units that a reader saw").hasValue(0);
    assertThat(count()).isEqualTo(2_000);
    assertThat(count("note")).isEqualTo(1_000);
  }
}
