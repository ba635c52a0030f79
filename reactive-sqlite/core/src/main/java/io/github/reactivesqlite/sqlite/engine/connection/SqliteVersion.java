package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of the SQLite library, and whether it is safe with one file open twice: versions without
 * the fix of the WAL-reset bug can corrupt the file when a checkpoint meets a commit of another
 * connection, which is how this library works.
 *
 * @see <a href="https://www.sqlite.org/wal.html#walresetbug">The WAL-reset bug</a>
 */
record SqliteVersion(int major, int minor, int patch) implements Comparable<SqliteVersion> {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?.*");
  private static final SqliteVersion FLOOR = new SqliteVersion(3, 51, 3);

  /** Withdrawn, and without the fix, although it is newer than the floor. */
  private static final int WITHDRAWN_MINOR = 52;

  static SqliteVersion parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("A version of SQLite looks like 3.54.1, not " + text);
    }
    String patch = matcher.group(3);
    return new SqliteVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }

  boolean isSafe() {
    boolean withdrawn = major == FLOOR.major && minor == WITHDRAWN_MINOR;
    return compareTo(FLOOR) >= 0 && !withdrawn;
  }

  /** What to say about this version; only for one that is not safe. */
  String warning() {
    return "SQLite "
        + this
        + " can corrupt the database file when a checkpoint meets a commit (the WAL-reset bug)."
        + " Use a driver (org.xerial:sqlite-jdbc) with SQLite "
        + FLOOR
        + " or newer, but not 3.52; Spring Boot may have chosen an older one.";
  }

  void requireSafe() {
    if (!isSafe()) {
      throw new StorageException(
          warning() + " To take the risk, set acceptVulnerableSqlite.",
          ErrorDetails.NONE,
          StorageException.Kind.UNSUPPORTED_VERSION);
    }
  }

  @Override
  public int compareTo(SqliteVersion other) {
    int byMajor = Integer.compare(major, other.major);
    int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
    return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
