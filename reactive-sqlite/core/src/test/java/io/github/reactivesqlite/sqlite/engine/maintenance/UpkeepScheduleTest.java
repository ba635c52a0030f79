package io.github.reactivesqlite.sqlite.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What the upkeep does by itself while nobody asks. */
class UpkeepScheduleTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofMillis(100);

  @TempDir Path directory;

  @Test
  void readersIdleForLongAreClosedButForOne() {
    try (SqliteDatabase database =
        SqliteDatabase.builder(directory.resolve("idle.db"))
            .config(c -> c.readers(4).readerIdleTimeout(SOON).readerValidationInterval(SOON))
            .build()) {
      readAtOnce(database);
      Bounded.until("one reader is left", () -> database.stats().reads().idle() == 1);

      readAtOnce(database);
      assertThat(database.stats().reads().replaced()).isZero();
    }
  }

  @Test
  void statisticsAreOptimizedWhenIdle() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (SqliteDatabase database =
        SqliteDatabase.builder(directory.resolve("optimized.db"))
            .config(c -> c.optimizeInterval(SOON).meterRegistry(registry))
            .build()) {
      Bounded.until(
          "PRAGMA optimize has run twice",
          () ->
              registry.find(MeterNames.OPERATION).timers().stream()
                  .filter(timer -> "OPTIMIZE".equals(timer.getId().getTag("db.operation.name")))
                  .anyMatch(timer -> timer.count() >= 2));
      assertThat(database.stats().writes().failedUnits()).isZero();
    }
  }

  private static void readAtOnce(SqliteDatabase database) {
    StepVerifier.create(
            Flux.range(0, 64)
                .flatMap(
                    n ->
                        database.read(
                            session ->
                                session.query("SELECT 1").mapTo(Long.class).one().orElseThrow()),
                    64)
                .count())
        .expectNext(64L)
        .expectComplete()
        .verify(LIMIT);
  }
}
