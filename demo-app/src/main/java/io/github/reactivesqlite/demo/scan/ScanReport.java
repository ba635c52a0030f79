package io.github.reactivesqlite.demo.scan;

/**
 * How far a scan is.
 *
 * @param state what it is doing
 * @param folder the folder, relative to the library's
 * @param files files found
 * @param filesDone files that are finished with
 * @param documents documents written
 * @param paragraphs paragraphs written
 * @param rows rows written: documents and paragraphs
 * @param unchanged files that the library knew already
 * @param notText files left out because they are no text or too large
 * @param failed files that could not be read
 * @param removed documents removed because their files are gone
 * @param complete whether every file of the folder was looked at
 * @param seconds time since the scan began, or until it ended
 * @param rowsPerSecond rows divided by it
 * @param writersInFlight writes that wait for an answer now
 * @param mostWritersInFlight the most that ever did
 * @param lock what the file's write lock cost meanwhile
 */
public record ScanReport(
    State state,
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
    double seconds,
    long rowsPerSecond,
    int writersInFlight,
    int mostWritersInFlight,
    LockCost lock) {

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
    /** It was stopped. */
    CANCELLED,
    /** It has ended with an error. */
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
}
