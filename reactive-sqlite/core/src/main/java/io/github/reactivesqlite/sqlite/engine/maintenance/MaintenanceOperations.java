package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.sqlite.config.BackupProgress;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.config.IntegrityReport;
import io.github.reactivesqlite.sqlite.config.Settings;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.engine.connection.BackupCopy;
import io.github.reactivesqlite.sqlite.engine.connection.ConnectionFactory;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.LenientScheduler;
import io.github.reactivesqlite.sqlite.engine.runtime.ResultThreads;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * What users may ask of a database beyond reading and writing. All of it is lazy, runs again with
 * each subscription, is answered on the result scheduler, and fails when it is subscribed to on an
 * engine thread. The facade's {@code Maintenance} documents each operation.
 */
public final class MaintenanceOperations {

  private final ConnectionFactory factory;
  private final WriteLane writeLane;
  private final ReadLane readLane;
  private final Upkeep upkeep;
  private final SqliteConfig config;
  private final Answers answers;

  /** Operations on a database that is open. */
  public MaintenanceOperations(
      SqliteConfig config,
      ConnectionFactory factory,
      WriteLane writeLane,
      ReadLane readLane,
      Upkeep upkeep) {
    this.config = config;
    this.factory = factory;
    this.writeLane = writeLane;
    this.readLane = readLane;
    this.upkeep = upkeep;
    this.answers = new Answers(ResultThreads.of(config));
  }

  /** The settings that the writer's connection works with. */
  public Mono<Settings> settings() {
    return onWriter("SETTINGS", connection -> connection.settings(factory));
  }

  /** A checkpoint; TRUNCATE in two parts, so that the writer's is short. */
  public Mono<CheckpointResult> checkpoint(CheckpointMode mode) {
    Objects.requireNonNull(mode, "mode");
    Mono<CheckpointResult> passive = guarded(upkeep.call(upkeep.log()::passive));
    return switch (mode) {
      case PASSIVE -> passive;
      case TRUNCATE -> passive.then(onWriter("CHECKPOINT", upkeep.log()::truncate));
    };
  }

  /** The size of the log now. */
  public Mono<WalSize> walSize() {
    return guarded(upkeep.call(upkeep::walSize));
  }

  /** {@code PRAGMA optimize}. */
  public Mono<Void> optimize() {
    return statement("OPTIMIZE", "PRAGMA optimize");
  }

  /** ANALYZE. */
  public Mono<Void> analyze() {
    return statement("ANALYZE", "ANALYZE");
  }

  /** VACUUM. */
  public Mono<Void> vacuum() {
    return onWriter(
            "VACUUM",
            connection -> {
              connection.withAttachAllowed(() -> connection.run("VACUUM"));
              return true;
            })
        .then();
  }

  /** Gives free pages at the end of the file back; answers with how many. */
  public Mono<Long> incrementalVacuum(int pages) {
    if (pages < 1) {
      throw new IllegalArgumentException("At least one page is given back, not " + pages);
    }
    return onWriter(
        "VACUUM",
        connection -> {
          long before = connection.longValue("PRAGMA page_count");
          connection.run("PRAGMA incremental_vacuum(" + pages + ")");
          return before - connection.longValue("PRAGMA page_count");
        });
  }

  /** Gives memory back: idle readers, and the writer's page cache. */
  public Mono<Void> releaseIdle() {
    Mono<Integer> readers = Mono.fromCallable(() -> readLane.closeIdle(0, true));
    return guarded(readers).then(statement("RELEASE", "PRAGMA shrink_memory"));
  }

  /** {@code PRAGMA integrity_check}, on a thread and connection of its own. */
  public Mono<IntegrityReport> integrityCheck() {
    return guarded(
        LaterAnswer.of(
            answers,
            answer ->
                upkeep
                    .sideThread()
                    .start(MaintenanceOperations::check, answer::deliver, answer::deliverError)));
  }

  private static IntegrityReport check(EngineConnection connection, StopSignal stop) {
    List<String> lines = new ArrayList<>();
    EngineStatement statement = connection.statement("PRAGMA integrity_check");
    try {
      boolean row = statement.execute(null);
      while (row) {
        lines.add(String.valueOf(statement.row().get(1, String.class)));
        row = statement.next();
      }
    } finally {
      connection.release(statement);
    }
    boolean ok = lines.equals(List.of("ok"));
    return new IntegrityReport(ok, ok ? List.of() : lines);
  }

  /** A copy of the database as it is now, in a new file. */
  public Flux<BackupProgress> backup(Path target) {
    Objects.requireNonNull(target, "target");
    return Flux.<BackupProgress>create(
            sink -> {
              EngineThread.rejectCurrent();
              start(target, sink);
            },
            FluxSink.OverflowStrategy.LATEST)
        .publishOn(LenientScheduler.over(ResultThreads.of(config)), 1);
  }

  private void start(Path target, FluxSink<BackupProgress> sink) {
    Consumer<BackupProgress> done =
        last -> {
          sink.next(last);
          sink.complete();
        };
    Runnable stop =
        upkeep
            .sideThread()
            .start(
                (connection, signal) -> copy(connection, signal, target, sink), done, sink::error);
    sink.onDispose(stop::run);
  }

  private static @Nullable BackupProgress copy(
      EngineConnection connection, StopSignal stop, Path target, FluxSink<BackupProgress> sink) {
    BackupFile file = BackupFile.create(target);
    boolean published = false;
    try {
      long[] pages = new long[1];
      boolean copied =
          BackupCopy.run(
              connection,
              file.temporary(),
              stop,
              (remaining, total) -> {
                pages[0] = total;
                sink.next(new BackupProgress(total, remaining, false));
              });
      if (!copied || stop.stopRequested()) {
        return null;
      }
      file.publish();
      published = true;
      return new BackupProgress(pages[0], 0, true);
    } finally {
      if (!published) {
        file.discard();
      }
    }
  }

  private Mono<Void> statement(String operation, String sql) {
    return onWriter(
            operation,
            connection -> {
              connection.run(sql);
              return true;
            })
        .then();
  }

  private <T> Mono<T> onWriter(String operation, WriteLane.ExclusiveWork<T> work) {
    return guarded(writeLane.exclusive(upkeep.settings(), operation, work));
  }

  private static <T> Mono<T> guarded(Mono<T> work) {
    return Mono.defer(
        () -> {
          EngineThread.rejectCurrent();
          return work;
        });
  }
}
