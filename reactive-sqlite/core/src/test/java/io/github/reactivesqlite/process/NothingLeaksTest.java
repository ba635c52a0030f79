package io.github.reactivesqlite.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.reactivesqlite.contract.Quiet;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * 5,000 operations of every kind, a third of them cancelled at a random moment; afterwards nothing
 * waits, and after the close no thread and no open file is left. {@code -Dleak.seed} repeats a run.
 */
class NothingLeaksTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int OPERATIONS = 5_000;
  private static final String NAME = "leak-test";

  private final long seed = Long.getLong("leak.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @TempDir Path directory;

  @Test
  void afterManyOperationsAndCancels() throws Exception {
    assumeThat(OpenDescriptors.areVisible()).isTrue();
    Path file = directory.resolve("leak.db");
    assertThat(threads()).isEmpty();

    SqliteDatabase database = SqliteDatabase.builder(file).config(c -> c.name(NAME)).build();
    try {
      database
          .script(
              "CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT);"
                  + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                  + " INSERT INTO entry SELECT i, 'entry ' || i FROM n")
          .block(SOON);
      StepVerifier.create(
              Flux.range(0, OPERATIONS).flatMap(i -> perhapsCancelled(operation(database, i)), 48))
          .thenConsumeWhile(done -> true)
          .expectComplete()
          .verify(SOON);
      becomesQuiet(database);
      assertThat(OpenDescriptors.countOf(file))
          .as("connections to the file, seed %d", seed)
          .isLessThanOrEqualTo(1 + readers() + 1);
    } finally {
      database.close();
    }

    assertThat(OpenDescriptors.countOfDatabase(file)).as("seed %d", seed).isZero();
    StepVerifier.create(
            Flux.interval(Duration.ofMillis(10)).takeUntil(tick -> threads().isEmpty()).then())
        .expectComplete()
        .verify(SOON);
  }

  private static int readers() {
    return io.github.reactivesqlite.sqlite.config.SqliteDefaults.READERS;
  }

  private Mono<?> operation(SqliteDatabase database, int number) {
    return switch (random.nextInt(10)) {
      case 0, 1 ->
          database
              .update("INSERT INTO entry (body) VALUES (:body)")
              .bind("body", "new " + number)
              .rowsUpdated();
      case 2 ->
          database
              .update("UPDATE entry SET body = body || '.' WHERE id < 20 RETURNING id")
              .returning(Long.class)
              .all()
              .then();
      case 3 ->
          database.write(session -> session.update("DELETE FROM entry WHERE id > 3000").execute());
      case 4 -> database.query("SELECT count(*) FROM entry").mapTo(Long.class).one();
      case 5 -> database.query("SELECT id FROM entry").mapTo(Long.class).all().limitRate(64).then();
      case 6 ->
          database.read(session -> session.query("SELECT 1").mapTo(Long.class).one().orElseThrow());
      case 7 ->
          database.withSnapshot(
              snapshot -> snapshot.query("SELECT max(id) FROM entry").mapTo(Long.class).one());
      case 8 ->
          database.withTransaction(
              tx -> tx.update("UPDATE entry SET body = 'tx' WHERE id = 7").rowsUpdated());
      default ->
          database
              .batch("INSERT INTO entry (body) VALUES (?)")
              .chunkSize(5)
              .execute(Flux.range(0, 12), (parameters, item) -> parameters.bind(1, item))
              .then();
    };
  }

  private Mono<Void> perhapsCancelled(Mono<?> operation) {
    if (random.nextInt(3) > 0) {
      return operation.then();
    }
    return operation.then().takeUntilOther(Mono.delay(Duration.ofNanos(random.nextInt(3_000_000))));
  }

  private static void becomesQuiet(SqliteDatabase database) {
    StepVerifier.create(
            Flux.interval(Duration.ofMillis(10))
                .takeUntil(tick -> Quiet.is(database.stats()))
                .then())
        .expectComplete()
        .verify(SOON);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(NAME))
        .toList();
  }
}
