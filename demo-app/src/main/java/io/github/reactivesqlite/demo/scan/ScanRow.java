package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.demo.scan.ScanReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scan as it is stored, with the state of its jobs. */
record ScanRow(
    long id,
    String folder,
    Instant startedAt,
    @Nullable Instant listedAt,
    @Nullable Instant finishedAt,
    int failed,
    boolean complete,
    int files,
    int unchanged,
    int leftOut,
    int touched,
    int notText,
    long documents,
    long paragraphs,
    long written,
    int removed,
    long idleMs,
    int listing,
    int listingAgain,
    int waiting,
    int running,
    int retrying,
    int discarded,
    int givenUp,
    int pauses) {

  private static final String JOBS = "SELECT count(*) FROM jobs_job WHERE queue = '";

  // The module has an index for each of these states, so what is finished is not looked at
  private static final String AVAILABLE = "' AND state = 'available'";
  private static final String RUNNING = "' AND state = 'running'";
  private static final String LATER = "' AND state IN ('scheduled', 'retryable')";

  private static final String FAILED_FOR_GOOD =
      "' AND state = 'discarded' AND finished_at IS NOT NULL";

  private static final String LISTING =
      "(("
          + (JOBS + ScanJobs.LISTING_QUEUE + AVAILABLE + ") + (")
          + (JOBS + ScanJobs.LISTING_QUEUE + RUNNING + ") + (")
          + (JOBS + ScanJobs.LISTING_QUEUE + LATER + "))");
  private static final String LISTING_AGAIN = "(" + JOBS + ScanJobs.LISTING_QUEUE + LATER + ")";
  private static final String WAITING = "(" + JOBS + ScanJobs.QUEUE + AVAILABLE + ")";
  private static final String UNDER_WAY = "(" + JOBS + ScanJobs.QUEUE + RUNNING + ")";
  private static final String RETRYING = "(" + JOBS + ScanJobs.QUEUE + LATER + ")";

  /** How many jobs of either queue are not finished. */
  static final String UNFINISHED_JOBS =
      "(" + LISTING + " + " + WAITING + " + " + UNDER_WAY + " + " + RETRYING + ")";

  /** How many files could not be read. */
  static final String FILES_GIVEN_UP =
      "(" + (JOBS + ScanJobs.QUEUE + FAILED_FOR_GOOD) + " AND type = 'index-file')";

  /** Files, removals and the folder. */
  private static final String GIVEN_UP =
      "(("
          + (JOBS + ScanJobs.QUEUE + FAILED_FOR_GOOD + ") + (")
          + (JOBS + ScanJobs.LISTING_QUEUE + FAILED_FOR_GOOD + "))");

  /** The latest scan. */
  static final String LATEST =
      "SELECT id, folder, started_at, listed_at, finished_at, failed, complete, files, unchanged,"
          + " too_large AS left_out, touched, not_text, documents, paragraphs, written, removed,"
          + " idle_ms,"
          + (LISTING + " AS listing,")
          + (LISTING_AGAIN + " AS listing_again,")
          + (WAITING + " AS waiting,")
          + (UNDER_WAY + " AS running,")
          + (RETRYING + " AS retrying,")
          + (FILES_GIVEN_UP + " AS discarded,")
          + (GIVEN_UP + " AS given_up,")
          + " (SELECT count(*) FROM jobs_pause WHERE queue = 'library') AS pauses"
          + " FROM scan ORDER BY id DESC LIMIT 1";

  /**
   * Follows from the rows alone: whoever did the jobs, and wherever it died, a scan is as far as
   * its jobs are.
   */
  State state() {
    if (listing > 0) {
      return files == 0 ? State.LISTING : State.INDEXING;
    }
    if (unfinished() > 0) {
      // Even if the listing has failed: what it had found by then is written all the same
      return State.INDEXING;
    }
    if (listedAt == null) {
      return State.FAILED;
    }
    return finishedAt == null ? State.INDEXING : State.DONE;
  }

  /** Jobs of files. */
  private int unfinished() {
    return waiting + running + retrying;
  }

  boolean isToBeFinished() {
    return finishedAt == null && listing + unfinished() == 0;
  }

  /** Whether a job failed, so that there is something to be shown. */
  boolean hasProblems() {
    return listingAgain + retrying + givenUp > 0 || state() == State.FAILED;
  }

  ScanReport report(
      Instant now,
      InFlight inFlight,
      List<ScanReport.Reading> reading,
      List<ScanReport.Problem> problems) {
    Instant end = finishedAt == null ? now : finishedAt;
    // The jobs of failed files are not kept for ever; earlier versions did not store their number
    int unreadable = finishedAt == null ? discarded : Math.max(failed, discarded);
    double seconds = Math.max(0, Duration.between(startedAt, end).toMillis() - idleMs) / 1e3;
    return new ScanReport(
        state(),
        pauses > 0,
        folder,
        files,
        (int) Math.min(files, unchanged + leftOut + touched + notText + documents + unreadable),
        documents,
        paragraphs,
        written,
        unchanged + touched,
        notText + leftOut,
        unreadable,
        removed,
        complete,
        waiting,
        running,
        retrying,
        seconds,
        seconds == 0 ? 0 : Math.round(written / seconds),
        inFlight.now(),
        inFlight.most(),
        inFlight.lock(),
        reading,
        problems);
  }

  static ScanReport none(InFlight inFlight, boolean paused) {
    return new ScanReport(
        State.NONE,
        paused,
        ".",
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        true,
        0,
        0,
        0,
        0,
        0,
        inFlight.now(),
        inFlight.most(),
        inFlight.lock(),
        List.of(),
        List.of());
  }
}
