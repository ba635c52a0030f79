package io.github.reactivesqlite.demo.scan;

import java.util.List;

/**
 * How far a scan is.
 *
 * @param state what it is doing
 * @param paused whether no more files are begun until somebody says so
 * @param folder the folder, relative to the library's
 * @param files files found
 * @param filesDone files that are finished with
 * @param documents documents written
 * @param paragraphs paragraphs written
 * @param rows rows written: documents and paragraphs
 * @param unchanged files that the library knew already
 * @param notText files left out because they are no text or too large, or gone before their turn
 * @param failed files that could not be read
 * @param removed documents removed because their files are gone
 * @param complete whether every file of the folder was looked at
 * @param waiting jobs that wait for a worker
 * @param running jobs that are done now, by any process
 * @param retrying jobs that failed and wait for their next attempt
 * @param seconds time since the scan began, or until it ended; without the time between an end and
 *     a retry
 * @param rowsPerSecond rows divided by it
 * @param writersInFlight writes of this process that wait for an answer now
 * @param mostWritersInFlight the most that ever did
 * @param lock what the file's write lock cost this process in that time
 * @param reading long files that are being read
 * @param problems the folder, files and removals whose last attempt failed
 */
public record ScanReport(
    State state,
    boolean paused,
    String folder,
    int files,
    int filesDone,
    long documents,
    long paragraphs,
    long rows,
    int unchanged,
    int notText,
    int failed,
    int removed,
    boolean complete,
    int waiting,
    int running,
    int retrying,
    double seconds,
    long rowsPerSecond,
    int writersInFlight,
    int mostWritersInFlight,
    LockCost lock,
    List<Reading> reading,
    List<Problem> problems) {

  /** What a scan is doing. */
  public enum State {
    /** None has been started. */
    NONE,
    /** Finding the files. */
    LISTING,
    /** Writing them. */
    INDEXING,
    /** It has ended well. */
    DONE,
    /** The folder could not be listed. */
    FAILED;

    /**
     * Whether it goes on.
     *
     * @return true while it lists or indexes
     */
    public boolean running() {
      return this == LISTING || this == INDEXING;
    }
  }

  /**
   * What the file's write lock cost all writers of this process.
   *
   * @param attempts units that asked for it
   * @param waitMillis how long they waited
   * @param retries how often they asked again
   * @param failures how many never got it
   */
  public record LockCost(long attempts, long waitMillis, long retries, long failures) {}

  /**
   * A long file that is being read.
   *
   * @param path how it is called in the library
   * @param part how much of it is written, from 0 to 1
   */
  public record Reading(String path, double part) {}

  /**
   * What failed: a file that could not be read, a removal, or the look for files.
   *
   * @param path how the file or the folder is called in the library; of a removal the first of its
   *     files, and how many more there are
   * @param reason why the last attempt failed
   * @param attempts how many there were
   * @param again whether there will be another one by itself
   */
  public record Problem(String path, String reason, int attempts, boolean again) {}
}
