package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.RejectedException;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.jobs.JobQueue;
import io.github.reactivesqlite.jobs.Jobs;
import jakarta.annotation.PreDestroy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Brings the library up to date with a folder, one scan at a time, while everything else goes on.
 * Both the scan and its jobs are rows: a scan outlives the process that started it.
 */
@Component
public class LibraryScanner {

  private static final Logger LOG = LoggerFactory.getLogger(LibraryScanner.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final ReactiveDatabase database;
  private final Jobs jobs;
  private final Listing listing;
  private final ScanProgress progress;
  private final InFlight inFlight;
  private final LibraryFolder library;
  private final Disposable.Composite running = Disposables.composite();

  LibraryScanner(
      ReactiveDatabase database,
      Jobs jobs,
      Listing listing,
      ScanProgress progress,
      InFlight inFlight,
      LibraryFolder library) {
    this.database = database.with(OperationOptions.labelled("scan").lane(Lane.INTERACTIVE));
    this.jobs = jobs;
    this.listing = listing;
    this.progress = progress;
    this.inFlight = inFlight;
    this.library = library;
  }

  /**
   * Goes on with what an earlier process has left, and from now on notices when a scan has ended.
   *
   * @return completes with whether there was a scan to go on with
   */
  public Mono<Boolean> resume() {
    running.add(
        progress
            .rows()
            .filter(rows -> !rows.isEmpty() && rows.get(0).isToBeFinished())
            .concatMap(rows -> finish(rows.get(0).id()), 1)
            .doOnNext(finished -> inFlight.end())
            .retryWhen(
                Retry.fixedDelay(Long.MAX_VALUE, LOOK_AGAIN)
                    .filter(error -> !(error instanceof DatabaseClosedException)))
            .subscribe(rows -> {}, error -> LOG.debug("Scans are no longer watched", error)));
    return progress
        .rows()
        .next()
        .map(
            rows -> {
              boolean goesOn = !rows.isEmpty() && rows.get(0).state().running();
              if (goesOn && rows.get(0).listedAt() == null) {
                list(rows.get(0).id(), rows.get(0).folder());
              }
              return goesOn;
            });
  }

  /**
   * Starts a scan. It begins even if nobody waits for the answer any more: were the listing part of
   * the answer, a caller who leaves during the COMMIT would leave a scan that nobody lists.
   *
   * @param folder the library's folder or one inside it
   * @return how it begins, when it is durable; fails with {@link RejectedException} if one goes on
   */
  public Mono<ScanReport> start(Path folder) {
    String relative = library.nameOf(folder);
    String name = relative.isEmpty() ? "." : relative;
    Mono<Long> begun =
        database
            .write(session -> begin(session, name))
            .doOnNext(
                scan -> {
                  inFlight.reset();
                  list(scan, name);
                });
    return Mono.defer(
        () -> {
          Mono<Long> shared = begun.cache();
          shared.subscribe(scan -> {}, error -> LOG.debug("No scan has begun", error));
          return shared.then(progress.report());
        });
  }

  /**
   * Begins no more files until {@link #proceed}; survives restarts.
   *
   * @return completes when it is durable
   */
  public Mono<Void> pause() {
    return queue().pause();
  }

  /**
   * Ends a pause.
   *
   * @return completes when it is durable
   */
  public Mono<Void> proceed() {
    return queue().resume();
  }

  /**
   * Gives the files that could not be read all their attempts again.
   *
   * @return how many there are
   */
  public Mono<Long> retry() {
    return jobs.redriveAll(ScanJobs.QUEUE).flatMap(count -> reopen().thenReturn(count));
  }

  private JobQueue queue() {
    return jobs.queue(ScanJobs.QUEUE);
  }

  private Mono<Void> reopen() {
    return database
        .update(
            "UPDATE scan SET finished_at = NULL WHERE id = (SELECT max(id) FROM scan)"
                + " AND EXISTS (SELECT 1 FROM jobs_job WHERE queue = :queue"
                + " AND state IN ('available', 'scheduled', 'running', 'retryable'))")
        .bind("queue", ScanJobs.QUEUE)
        .rowsUpdated()
        .then();
  }

  private static long begin(WriteSession session, String folder) {
    List<ScanRow> latest = session.query(ScanRow.LATEST).mapTo(ScanRow.class).all();
    if (!latest.isEmpty() && latest.get(0).state().running()) {
      throw RejectedException.conflict("A scan is running already.");
    }
    return session
        .update("INSERT INTO scan (folder, started_at) VALUES (:folder, :now) RETURNING id")
        .bind("folder", folder)
        .bind("now", now())
        .returning(Long.class)
        .one()
        .orElseThrow();
  }

  /** Not while a job is left; several processes may try. */
  private Mono<Long> finish(long scan) {
    return database
        .update(
            "UPDATE scan SET finished_at = :now WHERE id = :scan AND finished_at IS NULL"
                + " AND listed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM jobs_job"
                + " WHERE queue = :queue"
                + " AND state IN ('available', 'scheduled', 'running', 'retryable'))")
        .bind("now", now())
        .bind("scan", scan)
        .bind("queue", ScanJobs.QUEUE)
        .rowsUpdated();
  }

  private void list(long scan, String folder) {
    running.add(
        jobs.prune(Duration.ZERO)
            .then(listing.of(scan, folder))
            .onErrorResume(error -> failed(scan, error))
            .subscribe(nothing -> {}, error -> LOG.debug("The scan goes on later", error)));
  }

  private Mono<Void> failed(long scan, Throwable error) {
    if (error instanceof DatabaseClosedException) {
      return Mono.error(error);
    }
    LOG.error("The folder could not be listed", error);
    return database
        .update("UPDATE scan SET failed = 1, finished_at = :now WHERE id = :scan")
        .bind("now", now())
        .bind("scan", scan)
        .rowsUpdated()
        .then();
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  @PreDestroy
  void close() {
    running.dispose();
  }
}
