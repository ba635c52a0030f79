package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log and its index beside the database, as the writer's connection uses them. One
 * {@code stat} for each of them a commit; neither is ever opened.
 *
 * <p>They stay where they are as long as the connection is open. SQLite deletes them only when the
 * last connection to the file is closed, and only under the exclusive lock, which nobody gets
 * beside the shared one that every connection in WAL mode holds; a truncating checkpoint cuts the
 * log but leaves the file; another journal mode needs the exclusive lock too. So if one is missing,
 * or is another file, somebody has taken it away, or the locks of this process were dropped because
 * something else in it opened and closed the database file. Without the log, commits would be gone
 * with this process. The index is looked at by itself because it holds the write lock: beside a new
 * index another process writes at the same time, into a log that still looks well.
 *
 * <p>All fields belong to the writer thread.
 *
 * @see <a href="https://www.sqlite.org/walformat.html">The WAL-mode file format</a>
 */
final class LogFiles {

  /** What became of them. */
  enum State {
    WELL,
    /** The log is gone or another one; the index is ours still, or gone too. */
    LOG_LOST,
    /** The index is gone or another one, with or without the log. */
    INDEX_LOST
  }

  private final Path log;
  private final Path index;
  private @Nullable EngineConnection user;
  private @Nullable Object logIdentity;
  private @Nullable Object indexIdentity;
  private long logBytes;

  LogFiles(Path database) {
    this.log = database.resolveSibling(database.getFileName() + "-wal");
    this.index = database.resolveSibling(database.getFileName() + "-shm");
  }

  Path log() {
    return log;
  }

  /**
   * Before a COMMIT, with the transaction open. A connection that was not seen before may have
   * created both anew: those that are there now are its own.
   */
  void usedBy(EngineConnection connection) {
    if (user != connection) {
      user = connection;
      logIdentity = identityOf(attributesOf(log));
      indexIdentity = identityOf(attributesOf(index));
    }
  }

  /** After a COMMIT: looks at both. */
  State look() {
    BasicFileAttributes logNow = attributesOf(log);
    BasicFileAttributes indexNow = attributesOf(index);
    boolean logThere = logNow != null && Objects.equals(logIdentity, identityOf(logNow));
    boolean indexThere = indexNow != null && Objects.equals(indexIdentity, identityOf(indexNow));
    logBytes = logNow == null ? 0 : logNow.size();
    if (logThere && indexThere) {
      return State.WELL;
    }
    return indexThere || (!logThere && indexNow == null) ? State.LOG_LOST : State.INDEX_LOST;
  }

  /** The size of the log when it was looked at. */
  long logBytes() {
    return logBytes;
  }

  private static @Nullable Object identityOf(@Nullable BasicFileAttributes attributes) {
    return attributes == null ? null : attributes.fileKey();
  }

  private static @Nullable BasicFileAttributes attributesOf(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException missing) {
      return null;
    }
  }
}
