package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.jobs.Backoff;
import io.github.reactivesqlite.jobs.JacksonCodec;
import io.github.reactivesqlite.jobs.JobType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of jobs that a scan is made of, and the queue they wait in. */
final class ScanJobs {

  static final String QUEUE = "library";

  /** A queue of its own, because a pause holds files back and not the look for them. */
  static final String LISTING_QUEUE = "library-listing";

  private static final Backoff BACKOFF =
      Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(10));

  /** How many files are written at once, each with one unit under way. */
  static final int CONCURRENCY = 64;

  /** How many documents one job removes. */
  static final int REMOVED_AT_ONCE = 20;

  private static final int REMOVAL_BYTES = 512 * 1024;

  /**
   * A folder whose files are to be found.
   *
   * @param scan the scan that it is for
   * @param folder how it is called in the library
   */
  record FolderToList(long scan, String folder) {}

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
   * @param folder the folder that it listed; jobs of earlier versions do not say
   * @param paths how they are called in the library
   */
  record FilesGone(long scan, @Nullable String folder, List<String> paths) {}

  static final JobType<FolderToList> LIST =
      JobType.of("list-folder", JacksonCodec.of(FolderToList.class))
          .queue(LISTING_QUEUE)
          .maxAttempts(3)
          .backoff(BACKOFF);

  static final JobType<FileToIndex> INDEX =
      JobType.of("index-file", JacksonCodec.of(FileToIndex.class))
          .queue(QUEUE)
          .maxAttempts(3)
          // A gigabyte takes minutes
          .timeout(Duration.ofMinutes(30))
          .backoff(BACKOFF);

  static final JobType<FilesGone> REMOVE =
      JobType.of("remove-documents", JacksonCodec.of(FilesGone.class))
          .queue(QUEUE)
          .maxAttempts(3)
          .backoff(BACKOFF)
          .maxPayloadBytes(REMOVAL_BYTES);

  private ScanJobs() {}
}
