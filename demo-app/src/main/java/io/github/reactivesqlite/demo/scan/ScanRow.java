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
    boolean failed,
    boolean complete,
    int files,
    int unchanged,
    int tooLarge,
    int touched,
    int notText,
    long documents,
    long paragraphs,
    long written,
    int removed,
    int waiting,
    int running,
    int retrying,
    int discarded,
    int pauses) {

  /** The latest scan. A queue has few unfinished jobs, and an index for each of their states. */
  static final String LATEST =
      """
      SELECT id, folder, started_at, listed_at, finished_at, failed, complete, files, unchanged,
        too_large, touched, not_text, documents, paragraphs, written, removed,
        (SELECT count(*) FROM jobs_job WHERE queue = 'library' AND state = 'available') AS waiting,
        (SELECT count(*) FROM jobs_job WHERE queue = 'library' AND state = 'running') AS running,
        (SELECT count(*) FROM jobs_job WHERE queue = 'library'
          AND state IN ('scheduled', 'retryable')) AS retrying,
        (SELECT count(*) FROM jobs_job WHERE queue = 'library' AND type = 'index-file'
          AND state = 'discarded' AND finished_at IS NOT NULL) AS discarded,
        (SELECT count(*) FROM jobs_pause WHERE queue = 'library') AS pauses
      FROM scan ORDER BY id DESC LIMIT 1
      """;

  State state() {
    if (failed) {
      return State.FAILED;
    }
    if (listedAt == null && files == 0) {
      return State.LISTING;
    }
    return finishedAt == null || unfinished() > 0 ? State.INDEXING : State.DONE;
  }

  int unfinished() {
    return waiting + running + retrying;
  }

  boolean isToBeFinished() {
    return listedAt != null && finishedAt == null && unfinished() == 0;
  }

  ScanReport report(
      Instant now,
      InFlight inFlight,
      List<ScanReport.Reading> reading,
      List<ScanReport.Problem> problems) {
    Instant end = finishedAt == null ? now : finishedAt;
    double seconds = Math.max(0, Duration.between(startedAt, end).toMillis()) / 1e3;
    return new ScanReport(
        state(),
        pauses > 0,
        folder,
        files,
        (int) Math.min(files, unchanged + tooLarge + touched + notText + documents + discarded),
        documents,
        paragraphs,
        written,
        unchanged + touched,
        notText + tooLarge,
        discarded,
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
