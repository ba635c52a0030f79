package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.RejectedException;
import io.github.reactivesqlite.demo.scan.ScanJobs.FolderToList;
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
 * Brings the library up to date with a folder, one scan at a time, while everything else goes on. A
 * scan is a row and jobs, nothing else: the one that lists the folder exists if and only if the row
 * does, so a scan outlives whoever started it.
 */
@Component
public class LibraryScanner {

  private static final Logger LOG = LoggerFactory.getLogger(LibraryScanner.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** The latest scan, if it has something to do again. Since its end it has done nothing. */
  private static final String REOPEN =
      "UPDATE scan SET finished_at = NULL, failed = 0, idle_ms = idle_ms + max(0, CAST(round("
          + "(julianday(:now) - julianday(coalesce(finished_at, :now))) * 86400000) AS INTEGER))"
          + " WHERE id = (SELECT max(id) FROM scan) AND 0 < "
          + ScanRow.UNFINISHED_JOBS;

  private final ReactiveDatabase database;
  private final Jobs jobs;
  private final ScanProgress progress;
  private final InFlight inFlight;
  private final LibraryFolder library;
  private final Disposable.Composite running = Disposables.composite();

  LibraryScanner(
      ReactiveDatabase database,
      Jobs jobs,
      ScanProgress progress,
      InFlight inFlight,
      LibraryFolder library) {
    this.database = database.with(OperationOptions.labelled("scan").lane(Lane.INTERACTIVE));
    this.jobs = jobs;
    this.progress = progress;
    this.inFlight = inFlight;
    this.library = library;
  }

  /**
   * From now on notices when a scan has ended, whichever process did its jobs.
   *
   * @return completes with whether an earlier process has left a scan that goes on
   */
  public Mono<Boolean> resume() {
    running.add(
        progress
            .rows()
            .concatMapIterable(rows -> rows, 1)
            .doOnNext(inFlight::observe)
            .filter(ScanRow::isToBeFinished)
            .concatMap(scan -> finish(scan.id()), 1)
            .retryWhen(
                Retry.fixedDelay(Long.MAX_VALUE, LOOK_AGAIN)
                    .filter(error -> !(error instanceof DatabaseClosedException)))
            .subscribe(rows -> {}, error -> LOG.debug("Scans are no longer watched", error)));
    return progress.rows().next().map(LibraryScanner::runs);
  }

  /**
   * Starts a scan. If its outcome is not known, or the caller leaves during the COMMIT, there is
   * either no scan or one that goes on.
   *
   * @param folder the library's folder or one inside it
   * @return how it begins, when it is durable; fails with {@link RejectedException} if one goes on
   */
  public Mono<ScanReport> start(Path folder) {
    String relative = library.nameOf(folder);
    String name = relative.isEmpty() ? "." : relative;
    return database
        .write(session -> begin(session, name))
        .doOnNext(inFlight::begin)
        .then(progress.report());
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
   * Gives what failed all its attempts again: the folder that could not be listed, and the files
   * that could not be read.
   *
   * @return how many there are
   */
  public Mono<Long> retry() {
    return database.write(
        session -> {
          long count = jobs.redriveAll(session, ScanJobs.LISTING_QUEUE);
          count += jobs.redriveAll(session, ScanJobs.QUEUE);
          session.update(REOPEN).bind("now", now()).execute();
          return count;
        });
  }

  private JobQueue queue() {
    return jobs.queue(ScanJobs.QUEUE);
  }

  private long begin(WriteSession session, String folder) {
    if (runs(session.query(ScanRow.LATEST).mapTo(ScanRow.class).all())) {
      throw RejectedException.conflict("A scan is running already.");
    }
    long scan =
        session
            .update("INSERT INTO scan (folder, started_at) VALUES (:folder, :now) RETURNING id")
            .bind("folder", folder)
            .bind("now", now())
            .returning(Long.class)
            .one()
            .orElseThrow();
    jobs.enqueue(
        session, ScanJobs.LIST.job(new FolderToList(scan, folder)).uniqueKey("list").key(folder));
    return scan;
  }

  private static boolean runs(List<ScanRow> latest) {
    return !latest.isEmpty() && latest.get(0).state().running();
  }

  /** Not while a job is left; several processes may try. */
  private Mono<Long> finish(long scan) {
    return database
        .update(
            "UPDATE scan SET finished_at = :now, failed = "
                + ScanRow.FILES_GIVEN_UP
                + " WHERE id = :scan AND finished_at IS NULL AND 0 = "
                + ScanRow.UNFINISHED_JOBS)
        .bind("now", now())
        .bind("scan", scan)
        .rowsUpdated();
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  @PreDestroy
  void close() {
    running.dispose();
  }
}
