package io.github.reactivesqlite.sqlite.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A reader whose connection met an error of the disk is replaced, and the next read finds one. */
class ReaderReplacementTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path TRUNCATE = Path.of("/usr/bin/truncate");

  @Test
  void readerThatMeetsADamagedFileIsReplaced(@TempDir Path directory) throws Exception {
    assumeTrue(Files.isExecutable(TRUNCATE), "needs truncate, of another process");
    Path file = directory.resolve("damaged.db");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      fill(database);
      cutFromOutside(file);

      StepVerifier.create(database.query("SELECT sum(length(body)) FROM t").mapTo(Long.class).one())
          .expectErrorSatisfies(
              error ->
                  assertThat(error)
                      .isInstanceOfSatisfying(
                          StorageException.class,
                          damaged ->
                              assertThat(damaged.kind())
                                  .isIn(
                                      StorageException.Kind.CORRUPT,
                                      StorageException.Kind.IO_ERROR)))
          .verify(LIMIT);

      StepVerifier.create(database.query("SELECT 1").mapTo(Long.class).one())
          .expectNext(1L)
          .expectComplete()
          .verify(LIMIT);
      // The broken one is closed, and the other put back, after the answers were given
      Bounded.until("it is replaced", () -> database.stats().reads().replaced() > 0);
      Bounded.until("no reader is at work", () -> database.stats().reads().active() == 0);
    }
  }

  /** Far more than the schema's pages, all of them in the main file and in no reader's cache. */
  private static void fill(SqliteDatabase database) {
    StepVerifier.create(
            database
                .script("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
                .thenMany(
                    database
                        .batch("INSERT INTO t (body) VALUES (?)")
                        .execute(Flux.range(0, 2_000), (row, n) -> row.bind(1, "x".repeat(1_000))))
                .then(database.maintenance().checkpoint(CheckpointMode.TRUNCATE)))
        .expectNextCount(1)
        .expectComplete()
        .verify(LIMIT);
  }

  /** Opening the file in this process would drop SQLite's locks on it. */
  private static void cutFromOutside(Path file) throws Exception {
    Process process =
        new ProcessBuilder(TRUNCATE.toString(), "-s", "65536", file.toString()).start();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
