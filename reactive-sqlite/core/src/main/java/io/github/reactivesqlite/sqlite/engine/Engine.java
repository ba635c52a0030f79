package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.metrics.Gauges;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.ConnectionFactory;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.Role;
import io.github.reactivesqlite.sqlite.engine.live.LiveHub;
import io.github.reactivesqlite.sqlite.engine.live.LiveQueries;
import io.github.reactivesqlite.sqlite.engine.maintenance.MaintenanceOperations;
import io.github.reactivesqlite.sqlite.engine.maintenance.Upkeep;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.ResultThreads;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** One open database: its lanes, its upkeep, and the order in which they open and close. */
public final class Engine {

  private final SqliteConfig config;
  private final EngineTimer timer;
  private final FileGuard guard;
  private final SqlCache sqlCache = new SqlCache();
  private final DatabaseMetrics metrics;
  private final AtomicInteger schemaGeneration = new AtomicInteger();
  private final LiveHub liveHub;
  private final WriteLane writeLane;
  private final ReadLane readLane;
  private final LiveQueries liveQueries;
  private final Upkeep upkeep;
  private final MaintenanceOperations maintenance;
  private final OpenTransactions openTransactions = new OpenTransactions(this);
  private final ClosingScript closing;
  private final DatabaseView root;

  /** Assembles the engine around its open writer connection. Nothing runs yet. */
  Engine(WriterThread writer, FileGuard guard, SqliteConfig config, EngineTimer timer) {
    this.config = config;
    this.timer = timer;
    this.guard = guard;
    String name = guard.name();
    ConnectionFactory factory = new ConnectionFactory(guard, config);
    Answers answers = new Answers(ResultThreads.of(config));
    this.metrics = new DatabaseMetrics(config.meterRegistry(), name);
    this.liveHub =
        new LiveHub(
            timer, answers, EngineTimer.nanos(config.foreignChangePolling()), this::lookForOthers);
    this.writeLane =
        new WriteLane(
            writer.connection(),
            generation ->
                EngineConnection.openWriter(
                    factory, guard, config.statementCacheSize(), name + "-writer#" + generation),
            writer.scheduler(),
            guard,
            config,
            timer,
            answers,
            metrics,
            sqlCache,
            schemaGeneration::incrementAndGet,
            liveHub,
            this::committed);
    this.readLane =
        new ReadLane(
            name,
            config,
            timer,
            answers,
            metrics,
            sqlCache,
            (number, generation) ->
                EngineConnection.open(
                    factory,
                    Role.READER,
                    config.statementCacheSize(),
                    name + "-reader-" + number + "#" + generation),
            schemaGeneration::get);
    this.liveQueries =
        new LiveQueries(liveHub, readLane, timer, answers, config.readQueueCapacity());
    this.upkeep =
        new Upkeep(
            name,
            guard,
            config,
            timer,
            factory,
            metrics,
            writeLane,
            readLane,
            schemaGeneration::incrementAndGet);
    this.maintenance = new MaintenanceOperations(config, factory, writeLane, readLane, upkeep);
    this.closing =
        new ClosingScript(
            writer, guard, config, timer, liveHub, writeLane, readLane, upkeep, metrics);
    this.root = new DatabaseView(this, OperationOptions.none());
    metrics.bindGauges(new EngineGauges());
  }

  private void lookForOthers() {
    writeLane.lookForOthers();
  }

  private void committed() {
    upkeep.committed();
  }

  /** The view without options. */
  public DatabaseView root() {
    return root;
  }

  /** The maintenance operations. */
  public MaintenanceOperations maintenance() {
    return maintenance;
  }

  /** The database's name in logs, threads and metrics. */
  public String name() {
    return guard.name();
  }

  /** What it was opened with. */
  public SqliteConfig config() {
    return config;
  }

  EngineTimer timer() {
    return timer;
  }

  SqlCache sqlCache() {
    return sqlCache;
  }

  DatabaseMetrics metrics() {
    return metrics;
  }

  WriteLane writeLane() {
    return writeLane;
  }

  ReadLane readLane() {
    return readLane;
  }

  LiveHub liveHub() {
    return liveHub;
  }

  LiveQueries liveQueries() {
    return liveQueries;
  }

  OpenTransactions openTransactions() {
    return openTransactions;
  }

  /** Sets what runs after everything is closed. */
  public void afterClosed(Runnable task) {
    closing.afterClosed(task);
  }

  /** Closes; the same outcome for everybody who asks. */
  public Mono<Void> closeGracefully() {
    return closing.run();
  }

  /** Closes and waits; on a thread that must not block it only starts. */
  public void close() {
    if (EngineThread.isCurrent() || Schedulers.isInNonBlockingThread()) {
      closing.start();
    } else {
      closing.runAndWait();
    }
  }

  /** Read by the meter registry, from any thread. */
  private final class EngineGauges implements Gauges {
    @Override
    public int queueDepth(Lane lane) {
      return writeLane.depth(lane);
    }

    @Override
    public long queueBytes(Lane lane) {
      return writeLane.bytes(lane);
    }

    @Override
    public int readersActive() {
      return readLane.activeCount();
    }

    @Override
    public int readersIdle() {
      return readLane.idleCount();
    }

    @Override
    public int readsPending() {
      return readLane.pendingCount();
    }

    @Override
    public long walFrames() {
      return upkeep.walFrames();
    }

    @Override
    public long walBytes() {
      return upkeep.walBytes();
    }

    @Override
    public long walCheckpointedFrames() {
      return upkeep.walCheckpointedFrames();
    }
  }
}
