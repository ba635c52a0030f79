package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.jobs.Backoff;
import io.github.reactivesqlite.jobs.JacksonCodec;
import io.github.reactivesqlite.jobs.JobType;
import java.time.Duration;
import java.util.List;

/** The kinds of jobs that a scan is made of, and the queue they wait in. */
final class ScanJobs {

  static final String QUEUE = "library";

  /** How many files are written at once, each with one unit under way. */
  static final int CONCURRENCY = 64;

  /** How many documents one job removes. */
  static final int REMOVED_AT_ONCE = 20;

  private static final int REMOVAL_BYTES = 512 * 1024;

  /**
   * A file that is new or has changed.
   *
   * @param scan the scan that found it
   * @param path how it is called in the library
   */
  record FileToIndex(long scan, String path) {}

  /**
   * Documents whose files are gone.
   *
   * @param scan the scan that missed them
   * @param paths how they are called in the library
   */
  record FilesGone(long scan, List<String> paths) {}

  static final JobType<FileToIndex> INDEX =
      JobType.of("index-file", JacksonCodec.of(FileToIndex.class))
          .queue(QUEUE)
          .maxAttempts(3)
          .timeout(Duration.ofMinutes(5))
          .backoff(Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(10)));

  static final JobType<FilesGone> REMOVE =
      JobType.of("remove-documents", JacksonCodec.of(FilesGone.class))
          .queue(QUEUE)
          .maxAttempts(3)
          .maxPayloadBytes(REMOVAL_BYTES);

  private ScanJobs() {}
}
