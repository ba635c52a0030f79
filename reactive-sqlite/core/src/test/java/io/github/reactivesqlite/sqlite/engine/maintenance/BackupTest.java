package io.github.reactivesqlite.sqlite.engine.maintenance;

import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.BOUND;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.ask;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.askText;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.insert;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.BackupProgress;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

class BackupTest {

  private static final int ROWS = 100_000;

  @TempDir Path dir;
  private Path target;
  private SqliteDatabase database;
  private final OpenDatabases databases = new OpenDatabases();
  private final StepwiseCopy steps = new StepwiseCopy();

  @BeforeEach
  void fillADatabase() throws IOException {
    target = Files.createDirectory(dir.resolve("copies")).resolve("copy.db");
    database = databases.open(dir.resolve("x.db"));
    script(
        database,
        "CREATE TABLE t (number INTEGER, body BLOB);"
            + "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            + " WHERE i < "
            + ROWS
            + ") SELECT 0, zeroblob(400) FROM n");
  }

  @AfterEach
  void closeAll() throws Exception {
    try (steps) {
      databases.close();
    }
  }

  /** From here on a copy waits for whoever hears of its progress. */
  private void copyStepByStep() {
    database.close();
    database =
        databases.open(
            dir.resolve("x.db"), SqliteConfig.builder().resultScheduler(steps.scheduler()).build());
  }

  private List<String> filesAtTheTarget() {
    try (Stream<Path> files = Files.list(target.getParent())) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Flux<BackupProgress> backup() {
    return database.maintenance().backup(target);
  }

  @Test
  void theCopyIsOneSnapshotWhileWritesGoOn() throws Exception {
    Disposable writing =
        Flux.range(1, 1_000_000)
            .concatMap(
                number ->
                    database
                        .update("INSERT INTO t (number, body) VALUES (:number, zeroblob(400))")
                        .bind("number", number)
                        .rowsUpdated())
            .subscribe();
    long before = OpenDatabases.count(database, "t");

    List<BackupProgress> progress = backup().collectList().block(BOUND);
    Bounded.until("it goes on", () -> OpenDatabases.count(database, "t") > before);
    long after = OpenDatabases.count(database, "t");
    writing.dispose();

    assertThat(progress).last().satisfies(last -> assertThat(last.done()).isTrue());
    assertThat(progress).filteredOn(BackupProgress::done).hasSize(1);
    Connection copy = databases.outside(target);
    assertThat(askText(copy, "PRAGMA integrity_check")).isEqualTo("ok");
    long copied = ask(copy, "SELECT count(*) FROM t");
    assertThat(copied).isBetween(before, after);
    // Written one after the other, so a snapshot holds each number up to its last one
    assertThat(ask(copy, "SELECT max(number) FROM t")).isEqualTo(copied - ROWS);
  }

  @Test
  void theCopyOpensAsADatabase() {
    assertThat(backup().blockLast(BOUND).fraction()).isEqualTo(1);

    assertThat(OpenDatabases.count(databases.open(target), "t")).isEqualTo(ROWS);
    assertThat(filesAtTheTarget()).contains("copy.db").allMatch(name -> !name.endsWith(".part"));
  }

  @Test
  void theCopyIsReadableByItsOwnerOnly() throws IOException {
    assumeTrue(Files.getFileStore(dir).supportsFileAttributeView("posix"));

    backup().blockLast(BOUND);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-------");
    assertThat(filesAtTheTarget()).containsExactly("copy.db");
  }

  @Test
  void anExistingTargetIsNotTouched() throws IOException {
    Files.writeString(target, "precious");

    StepVerifier.create(backup())
        .expectErrorSatisfies(
            error ->
                assertThat(error)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("exists"))
        .verify(BOUND);

    assertThat(target).hasContent("precious");
    assertThat(filesAtTheTarget()).containsExactly("copy.db");
  }

  @Test
  void aTargetThatAppearsMeanwhileIsNotReplaced() {
    copyStepByStep();
    AtomicReference<Throwable> failed = new AtomicReference<>();

    backup()
        .doOnNext(
            progress -> {
              try {
                if (!Files.exists(target)) {
                  Files.writeString(target, "precious");
                }
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            })
        .onErrorResume(
            StorageException.class,
            error -> {
              failed.set(error);
              return Flux.empty();
            })
        .then()
        .block(BOUND);

    assertThat(failed.get()).hasMessageContaining("exists");
    assertThat(target).hasContent("precious");
    assertThat(filesAtTheTarget()).containsExactly("copy.db");
  }

  @Test
  void aLogLeftOverBesideTheTargetIsRefused() throws IOException {
    Files.writeString(target.resolveSibling("copy.db-journal"), "old");

    StepVerifier.create(backup()).expectError(StorageException.class).verify(BOUND);

    assertThat(filesAtTheTarget()).containsExactly("copy.db-journal");
  }

  @Test
  void aMissingDirectoryIsReported() {
    StepVerifier.create(database.maintenance().backup(dir.resolve("missing").resolve("copy.db")))
        .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(StorageException.class))
        .verify(BOUND);
  }

  @Test
  void cancelStopsTheCopyAndRemovesItsFile() {
    copyStepByStep();

    assertThat(backup().take(1).blockLast(BOUND).done()).isFalse();

    awaitNothingAtTheTarget();
    assertThat(insert(database, 10).blockLast(BOUND)).isEqualTo(10);
    assertThat(backup().retryWhen(whileBusy()).blockLast(BOUND).done()).isTrue();
  }

  @Test
  void cancelStopsTheCopyUnderWrites() throws InterruptedException {
    copyStepByStep();
    CountDownLatch written = new CountDownLatch(1);
    Disposable writing =
        insert(database, 2_000_000).skip(1_000).subscribe(count -> written.countDown());
    assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(backup().take(1).blockLast(BOUND).done()).isFalse();

    awaitNothingAtTheTarget();
    writing.dispose();
  }

  @Test
  void oneBackupRunsAtATime() {
    copyStepByStep();

    StepVerifier.create(
            backup()
                .take(1)
                .concatMap(
                    first -> database.maintenance().backup(target.resolveSibling("other.db"))))
        .expectError(IllegalStateException.class)
        .verify(BOUND);

    awaitNothingAtTheTarget();
  }

  @Test
  void closeStopsARunningBackup() throws SQLException {
    copyStepByStep();

    StepVerifier.create(
            backup()
                .doOnNext(
                    first -> {
                      database.closeGracefully().subscribe();
                      Bounded.until("closing waits for the copy", StepwiseCopy::isAwaited);
                    }))
        .thenConsumeWhile(progress -> !progress.done())
        .expectError(DatabaseClosedException.class)
        .verify(BOUND);

    database.close();
    assertThat(filesAtTheTarget()).isEmpty();
    assertThat(ask(databases.outside(dir.resolve("x.db")), "SELECT count(*) FROM t"))
        .isEqualTo(ROWS);
  }

  private void awaitNothingAtTheTarget() {
    Flux.interval(Duration.ofMillis(5))
        .onBackpressureDrop()
        .filter(tick -> filesAtTheTarget().isEmpty())
        .next()
        .block(BOUND);
  }

  private static Retry whileBusy() {
    return Retry.fixedDelay(1_000, Duration.ofMillis(10))
        .filter(IllegalStateException.class::isInstance);
  }
}
