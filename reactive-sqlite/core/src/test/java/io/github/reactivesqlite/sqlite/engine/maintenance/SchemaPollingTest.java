package io.github.reactivesqlite.sqlite.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.ConnectionFactory;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.Role;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.ResultThreads;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.engine.write.CommitFeed;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upkeep alone, between lanes that nothing passes through. */
class SchemaPollingTest {

  @TempDir Path dir;
  private final OpenDatabases databases = new OpenDatabases();
  private final ExecutorService writer = EngineThread.executor("x-writer");
  private final Semaphore changes = new Semaphore(0);
  private FileGuard guard;
  private EngineConnection connection;
  private Upkeep upkeep;

  @BeforeEach
  void start() throws Exception {
    SqliteConfig config = SqliteConfig.ofDefaults();
    guard = FileGuard.claim(dir.resolve("x.db"), config);
    ConnectionFactory factory = new ConnectionFactory(guard.file(), config);
    connection =
        writer
            .submit(() -> EngineConnection.open(factory, Role.WRITER, 8, "x-writer"))
            .get(10, TimeUnit.SECONDS);
    EngineTimer timer = EngineTimer.real();
    Answers answers = new Answers(ResultThreads.of(config));
    DatabaseMetrics metrics = DatabaseMetrics.unpublished("x");
    SqlCache cache = new SqlCache();
    WriteLane writeLane =
        new WriteLane(
            connection,
            generation -> EngineConnection.open(factory, Role.WRITER, 8, "x-writer"),
            EngineThread.scheduler(writer),
            guard,
            config,
            timer,
            answers,
            metrics,
            cache,
            () -> {},
            CommitFeed.NOBODY,
            () -> {});
    ReadLane readLane =
        new ReadLane(
            "x",
            config,
            timer,
            answers,
            metrics,
            cache,
            (number, generation) -> EngineConnection.open(factory, Role.READER, 8, "x-reader"),
            () -> 0);
    upkeep =
        new Upkeep(
            "x", guard, config, timer, factory, metrics, writeLane, readLane, changes::release);
  }

  @AfterEach
  void stop() throws Exception {
    writer.submit(() -> upkeep.close(Duration.ofSeconds(5))).get(10, TimeUnit.SECONDS);
    writer.submit(connection::close).get(10, TimeUnit.SECONDS);
    writer.shutdown();
    guard.release();
    databases.close();
  }

  private boolean isTold() throws InterruptedException {
    return changes.tryAcquire(10, TimeUnit.SECONDS);
  }

  @Test
  void aChangeByAnotherProcessIsToldAtTheNextCommit() throws Exception {
    upkeep.committed();
    boolean toldAtFirst = isTold();

    OpenDatabases.run(databases.outside(dir.resolve("x.db")), "CREATE TABLE t (x)");
    upkeep.committed();

    assertThat(toldAtFirst).isTrue();
    assertThat(isTold()).isTrue();
  }

  @Test
  void aChangeIsNoticedWithoutAnyCommitOfOurs() throws Exception {
    upkeep.committed();
    boolean toldAtFirst = isTold();

    OpenDatabases.run(databases.outside(dir.resolve("x.db")), "CREATE TABLE t (x)");

    assertThat(toldAtFirst).isTrue();
    assertThat(isTold()).isTrue();
  }

  @Test
  void closeEndsBothThreadsEvenTwice() {
    upkeep.committed();

    assertThat(upkeep.close(Duration.ofSeconds(5))).isTrue();
    assertThat(upkeep.close(Duration.ofSeconds(5))).isTrue();
  }
}
