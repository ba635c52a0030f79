package io.github.reactivesqlite.benchmarks.peer;

/**
 * What a table holds, or should hold.
 *
 * @param rows how many
 * @param sum of a number in each
 */
public record RowCount(long rows, long sum) {

  /** This and more. */
  public RowCount plus(RowCount more) {
    return new RowCount(rows + more.rows, sum + more.sum);
  }

  /** This without {@code less}. */
  public RowCount minus(RowCount less) {
    return new RowCount(rows - less.rows, sum - less.sum);
  }

  /** Where the sum is not known. */
  public RowCount rowsOnly() {
    return new RowCount(rows, 0);
  }

  /**
   * Compares what was acknowledged (this) with what is there.
   *
   * @param found what the file holds
   * @param errors operations that failed: they may have written, but nobody was told
   * @return "ok", "ok, n unacknowledged", or what is wrong
   */
  public String compare(RowCount found, long errors) {
    long more = found.rows - rows;
    if (more < 0) {
      return -more + " of " + rows + " rows MISSING";
    }
    if (more > errors) {
      return more + " rows TOO MANY";
    }
    if (more == 0 && found.sum != sum) {
      return "sum WRONG";
    }
    return more == 0 ? "ok" : "ok, " + more + " unacknowledged";
  }

  /** Whether {@link #compare} found all rows. */
  public static boolean isGood(String verdict) {
    return verdict.startsWith("ok") || verdict.isEmpty();
  }
}
