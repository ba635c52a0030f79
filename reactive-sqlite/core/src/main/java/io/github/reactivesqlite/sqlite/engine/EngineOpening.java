package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.ConnectionFactory;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.engine.runtime.LockRetry;
import io.github.reactivesqlite.sqlite.engine.runtime.LockedException;
import io.github.reactivesqlite.sqlite.engine.runtime.ResultThreads;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Opens a database: claims the file, opens the writer on its own thread, waiting for locks by the
 * retry policy, and undoes all of it when something fails.
 */
public final class EngineOpening {

  private static final Logger LOG = SteadyLogger.of(EngineOpening.class);

  private EngineOpening() {}

  /** Opens; lazy, and each subscription tries to open. */
  public static Mono<Engine> open(Path file, SqliteConfig config, EngineTimer timer) {
    return Mono.defer(
        () -> {
          ExecutorService executor = EngineThread.executor(config.nameFor(file) + "-writer");
          Scheduler scheduler = EngineThread.scheduler(executor);
          Mono<Engine> opening =
              Mono.fromCallable(() -> FileGuard.claim(file, config))
                  .subscribeOn(scheduler)
                  .flatMap(
                      guard ->
                          openWriter(guard, config, timer, scheduler)
                              .map(
                                  connection ->
                                      new Engine(
                                          new WriterThread(executor, scheduler, connection),
                                          guard,
                                          config,
                                          timer))
                              .doOnError(failed -> giveUp(guard)))
                  .doOnError(failed -> executor.shutdown())
                  .publishOn(timer.scheduler())
                  .flatMap(EngineOpening::withFirstReader)
                  .doOnNext(engine -> LOG.info("{} opened", engine.name()))
                  .cache();
          AtomicBoolean handedOver = new AtomicBoolean();
          return opening
              .doOnCancel(
                  () -> {
                    if (!handedOver.get()) {
                      closeUnwanted(opening);
                    }
                  })
              .publishOn(ResultThreads.of(config))
              .doOnNext(engine -> handedOver.set(true));
        });
  }

  /** A reader opened now finds out what would otherwise fail at the first query. */
  private static Mono<Engine> withFirstReader(Engine engine) {
    return engine
        .root()
        .query("SELECT 1")
        .mapTo(Integer.class)
        .one()
        .thenReturn(engine)
        .onErrorResume(
            failed -> engine.closeGracefully().onErrorComplete().then(Mono.error(failed)));
  }

  private static void closeUnwanted(Mono<Engine> opening) {
    opening
        .flatMap(Engine::closeGracefully)
        .subscribe(done -> {}, failed -> LOG.debug("A cancelled opening had failed", failed));
  }

  private static Mono<EngineConnection> openWriter(
      FileGuard guard, SqliteConfig config, EngineTimer timer, Scheduler scheduler) {
    ConnectionFactory factory = new ConnectionFactory(guard.file(), config);
    AtomicLong attempts = new AtomicLong();
    long begun = timer.nanoTime();
    LockLog log = new LockLog(config.slowOperation());
    Mono<EngineConnection> attempt =
        Mono.fromCallable(
                () -> {
                  attempts.incrementAndGet();
                  return open(factory, guard, config);
                })
            .subscribeOn(scheduler);
    return LockRetry.whileLocked(
            attempt,
            bounded(config),
            timer.scheduler(),
            pause ->
                log.retrying(
                    "open",
                    attempts.get(),
                    config.retryPolicy().maxAttempts(),
                    pause.toNanos(),
                    timer.nanoTime() - begun))
        .onErrorMap(
            LockedException.class,
            locked -> busy(locked, Duration.ofNanos(timer.nanoTime() - begun), attempts.get()))
        .onErrorMap(SqlFailure.class, failure -> failure.toWriterException(ErrorDetails.NONE));
  }

  private static RetryPolicy bounded(SqliteConfig config) {
    Duration own = config.retryPolicy().deadline();
    Duration limit = config.lockTimeout();
    return config.retryPolicy().deadline(own != null && own.compareTo(limit) < 0 ? own : limit);
  }

  private static EngineConnection open(
      ConnectionFactory factory, FileGuard guard, SqliteConfig config) {
    try {
      return EngineConnection.openWriter(
          factory, guard, config.statementCacheSize(), guard.name() + "-writer#1");
    } catch (SqlFailure failure) {
      if (failure.isBusy()) {
        throw new LockedException(failure.code());
      }
      throw failure;
    }
  }

  private static DatabaseBusyException busy(
      LockedException locked, Duration waited, long attempts) {
    return new DatabaseBusyException(
        "The database could not be opened: another process kept it locked for "
            + waited.toMillis()
            + " ms, over "
            + attempts
            + " attempts. Find the process that holds it, or raise lockTimeout",
        new ErrorDetails(locked.code(), null, null),
        waited,
        attempts);
  }

  private static void giveUp(FileGuard guard) {
    guard.removeIfStillEmpty();
    guard.release();
  }
}
