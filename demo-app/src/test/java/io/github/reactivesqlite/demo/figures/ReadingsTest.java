package io.github.reactivesqlite.demo.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

class ReadingsTest {

  private static final int PAGE = 4096;
  private static final int WRITES = 100;

  @TempDir Path folder;

  /** On most disks a COMMIT takes longer than all else in a small unit. */
  @Test
  void commitIsTimeInWhichTheWriterIsAtWork() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    SqliteConfig config = SqliteConfig.builder().meterRegistry(registry).build();
    try (SqliteDatabase db =
        SqliteDatabase.builder(folder.resolve("a.db")).config(config).build()) {
      db.script("CREATE TABLE t (x)").block(Duration.ofSeconds(30));
      Readings before = Readings.of(db, registry, PAGE);
      double earlier = commitSeconds(registry);

      Flux.range(0, WRITES)
          .concatMap(i -> db.update("INSERT INTO t VALUES (1)").rowsUpdated())
          .blockLast(Duration.ofSeconds(30));

      Readings after = Readings.of(db, registry, PAGE);
      Sample sample = after.since(before, 0, Sample.JobCounts.NONE);
      assertThat(sample.commits()).isPositive();
      assertThat(after.writerSeconds() - before.writerSeconds())
          .isGreaterThan(commitSeconds(registry) - earlier);
      assertThat(sample.writerBusy()).isBetween(0.0, 1.0).isPositive();
    }
  }

  private static double commitSeconds(SimpleMeterRegistry registry) {
    return registry.get(MeterNames.WRITER_COMMIT).timer().totalTime(TimeUnit.NANOSECONDS) / 1e9;
  }
}
