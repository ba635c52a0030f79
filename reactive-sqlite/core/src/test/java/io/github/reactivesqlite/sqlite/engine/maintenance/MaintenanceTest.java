package io.github.reactivesqlite.sqlite.engine.maintenance;

import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.BOUND;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.ask;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.insert;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.run;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.WriteQueueFullException;
import io.github.reactivesqlite.sqlite.Maintenance;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.config.IntegrityReport;
import io.github.reactivesqlite.sqlite.config.Settings;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

class MaintenanceTest {

  @TempDir Path dir;
  private Path file;
  private SqliteDatabase database;
  private Maintenance maintenance;
  private final OpenDatabases databases = new OpenDatabases();

  @BeforeEach
  void open() {
    file = dir.resolve("x.db");
    database = databases.open(file, SqliteConfig.builder().incrementalVacuum(true).build());
    maintenance = database.maintenance();
    script(database, "CREATE TABLE t (number INTEGER CHECK (number > 0), body BLOB)");
  }

  @AfterEach
  void closeAll() throws Exception {
    databases.close();
  }

  @Test
  void settingsAreReadBackFromSqlite() {
    Settings settings = maintenance.settings().block(BOUND);

    assertThat(settings.values())
        .containsEntry("journal_mode", "wal")
        .containsEntry("synchronous", "full")
        .containsEntry("auto_vacuum", "incremental");
    assertThat(settings.sqliteVersion()).startsWith("3.");
  }

  @Test
  void truncateCutsTheLogToNothing() {
    insert(database, 2_000).then().block(BOUND);

    CheckpointResult result = maintenance.checkpoint(CheckpointMode.TRUNCATE).block(BOUND);

    assertThat(result.busy()).isFalse();
    WalSize size = maintenance.walSize().block(BOUND);
    assertThat(size.bytes()).isZero();
    assertThat(size.frames()).isZero();
    assertThat(OpenDatabases.count(database, "t")).isEqualTo(2_000);
  }

  @Test
  void callsThatNeedTheWriterAreBoundedByItsQueue() {
    SqliteDatabase small =
        databases.open(
            dir.resolve("small.db"), SqliteConfig.builder().interactiveQueueCapacity(5).build());
    List<Bounded.Outcome<?>> calls = new ArrayList<>();
    try (OccupiedWriter occupied = new OccupiedWriter(small)) {
      for (int i = 0; i < 20; i++) {
        calls.add(Bounded.start(small.maintenance().optimize()));
      }
    }

    List<Throwable> refused = new ArrayList<>();
    for (Bounded.Outcome<?> call : calls) {
      Signal<?> end = call.get();
      if (end.isOnError()) {
        refused.add(end.getThrowable());
      }
    }
    assertThat(refused).hasSizeBetween(14, 19);
    assertThat(refused).allMatch(WriteQueueFullException.class::isInstance);
  }

  @Test
  void answersToThoseWhoHaveLeftAreForgotten() {
    List<Object> dropped = new CopyOnWriteArrayList<>();
    Hooks.onNextDropped(dropped::add);
    Hooks.onErrorDropped(dropped::add);
    try {
      for (int i = 0; i < 50; i++) {
        maintenance.walSize().subscribe().dispose();
        maintenance.checkpoint(CheckpointMode.PASSIVE).subscribe().dispose();
      }
      assertThat(maintenance.walSize().block(BOUND)).isNotNull();
    } finally {
      Hooks.resetOnNextDropped();
      Hooks.resetOnErrorDropped();
    }

    assertThat(dropped).isEmpty();
  }

  @Test
  void truncateGivesUpSoonWhenAReaderIsInTheWay() throws Exception {
    insert(database, 10).then().block(BOUND);
    Connection outside = databases.outside(file);
    run(outside, "BEGIN");
    ask(outside, "SELECT count(*) FROM t");
    insert(database, 100).then().block(BOUND);

    assertThat(maintenance.checkpoint(CheckpointMode.TRUNCATE).block(BOUND).busy()).isTrue();
    assertThat(insert(database, 1).blockLast(BOUND)).isEqualTo(1);
  }

  @Test
  void passiveCopiesEverythingWhileNobodyReads() {
    insert(database, 500).then().block(BOUND);

    CheckpointResult result = maintenance.checkpoint(CheckpointMode.PASSIVE).block(BOUND);

    assertThat(result.complete()).isTrue();
    assertThat(result.walFrames()).isPositive();
    assertThat(maintenance.walSize().block(BOUND).pendingFrames()).isZero();
  }

  @Test
  void statisticsAreCollected() throws Exception {
    script(database, "CREATE INDEX numbers ON t (number)");
    insert(database, 100).then().block(BOUND);

    StepVerifier.create(maintenance.optimize()).expectComplete().verify(BOUND);
    StepVerifier.create(maintenance.analyze()).expectComplete().verify(BOUND);

    assertThat(ask(databases.outside(file), "SELECT count(*) FROM sqlite_stat1")).isPositive();
  }

  @Test
  void vacuumGivesFreePagesBackAndKeepsAttachClosed() throws Exception {
    insert(database, 5_000).then().block(BOUND);
    script(database, "DELETE FROM t WHERE number > 10");

    StepVerifier.create(maintenance.vacuum()).expectComplete().verify(BOUND);

    assertThat(ask(databases.outside(file), "PRAGMA freelist_count")).isZero();
    assertThat(OpenDatabases.count(database, "t")).isEqualTo(10);
    assertThat(maintenance.settings().block(BOUND).values()).containsEntry("limit.attached", "0");
  }

  @Test
  void incrementalVacuumGivesAtMostSoManyPagesBack() {
    insert(database, 5_000).then().block(BOUND);
    script(database, "DELETE FROM t");

    assertThat(maintenance.incrementalVacuum(7).block(BOUND)).isEqualTo(7);
    assertThat(maintenance.incrementalVacuum(1_000_000).block(BOUND)).isGreaterThan(100);
    assertThat(maintenance.incrementalVacuum(1).block(BOUND)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> maintenance.incrementalVacuum(0));
  }

  @Test
  void idleReadersAreReleasedAndComeBack() {
    assertThat(OpenDatabases.count(database, "t")).isZero();

    StepVerifier.create(maintenance.releaseIdle()).expectComplete().verify(BOUND);

    assertThat(OpenDatabases.count(database, "t")).isZero();
  }

  @Test
  void integrityCheckFindsNothingInASoundFile() {
    insert(database, 1_000).then().block(BOUND);

    assertThat(maintenance.integrityCheck().block(BOUND))
        .isEqualTo(new IntegrityReport(true, List.of()));
  }

  @Test
  void integrityCheckReportsWhatIsWrong() throws Exception {
    Connection outside = databases.outside(file);
    run(outside, "PRAGMA ignore_check_constraints = ON");
    run(outside, "INSERT INTO t VALUES (-1, NULL)");

    IntegrityReport report = maintenance.integrityCheck().block(BOUND);

    assertThat(report.ok()).isFalse();
    assertThat(report.problems()).singleElement().asString().contains("CHECK");
  }

  @Test
  void cancelledCheckIsStoppedAndTheNextOneRuns() {
    script(
        database,
        "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            + " WHERE i < 300000) SELECT i, zeroblob(200) FROM n");

    StepVerifier.create(maintenance.integrityCheck()).thenCancel().verify(BOUND);

    Mono<IntegrityReport> next =
        maintenance
            .integrityCheck()
            .retryWhen(
                Retry.fixedDelay(1_000, Duration.ofMillis(10))
                    .filter(IllegalStateException.class::isInstance));
    assertThat(next.block(BOUND).ok()).isTrue();
  }

  @Test
  void everyOperationIsRefusedOnAnEngineThread() {
    List<Mono<?>> operations =
        List.of(
            maintenance.settings(),
            maintenance.checkpoint(CheckpointMode.PASSIVE),
            maintenance.checkpoint(CheckpointMode.TRUNCATE),
            maintenance.walSize(),
            maintenance.optimize(),
            maintenance.analyze(),
            maintenance.vacuum(),
            maintenance.incrementalVacuum(1),
            maintenance.integrityCheck(),
            maintenance.releaseIdle(),
            maintenance.backup(dir.resolve("copy.db")).then());

    for (Mono<?> operation : operations) {
      StepVerifier.create(
              database.read(
                  session -> {
                    StepVerifier.create(operation)
                        .expectError(IllegalStateException.class)
                        .verify(BOUND);
                    return true;
                  }))
          .expectNext(true)
          .expectComplete()
          .verify(BOUND);
    }
    assertThat(Files.exists(dir.resolve("copy.db"))).isFalse();
  }

  @Test
  void everyOperationFailsAfterClose() {
    database.close();

    List<Mono<?>> operations =
        List.of(
            maintenance.settings(),
            maintenance.checkpoint(CheckpointMode.TRUNCATE),
            maintenance.walSize(),
            maintenance.vacuum(),
            maintenance.integrityCheck(),
            maintenance.releaseIdle(),
            maintenance.backup(dir.resolve("copy.db")).then());
    for (Mono<?> operation : operations) {
      StepVerifier.create(operation).expectError(DatabaseClosedException.class).verify(BOUND);
    }
  }
}
