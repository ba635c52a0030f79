package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log and its index beside the database, as the connections of this process use
 * them. One {@code stat} for each of them a look; neither is ever opened.
 *
 * <p>They stay where they are as long as the writer's connection is open. SQLite deletes them only
 * when the last connection to the file is closed, and only under the exclusive lock, which nobody
 * gets beside the shared one that every connection in WAL mode holds; a truncating checkpoint cuts
 * the log but leaves the file; another journal mode needs the exclusive lock too. So if one is
 * missing, or is another file, somebody has taken it away, or the locks of this process were
 * dropped because something else in it opened and closed the database file. Without the log,
 * commits would be gone with this process. The index is looked at by itself because it holds the
 * locks: beside a new index another process writes and copies at the same time, and a checkpoint of
 * ours would put old pages over its new ones. Once that was seen, none may run any more.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://www.sqlite.org/walformat.html">The WAL-mode file format</a>
 */
public final class LogFiles {

  /** What became of them. */
  public enum State {
    /** Both are ours. */
    WELL,
    /** The log is gone, or an empty one is in its place; nobody writes without our locks. */
    LOG_LOST,
    /** Somebody has, or may have, a log or an index of his own beside the database. */
    FOREIGN,
    /** They could not be looked at; that may pass. */
    UNSEEN
  }

  private final Path log;
  private final Path index;
  private @Nullable EngineConnection user;
  private @Nullable Object logIdentity;
  private @Nullable Object indexIdentity;
  private boolean foreign;
  private boolean unknown;

  LogFiles(Path database) {
    this.log = database.resolveSibling(database.getFileName() + "-wal");
    this.index = database.resolveSibling(database.getFileName() + "-shm");
  }

  /** The path of the log. */
  public Path log() {
    return log;
  }

  /**
   * Before a COMMIT, with the transaction open. If the files of this connection are not known yet,
   * those that are there now are taken for its own.
   */
  public synchronized void usedBy(EngineConnection connection) {
    if (user != connection) {
      know(connection, false);
    }
  }

  /**
   * After the writer's connection has read for the first time, which opens both, and again before
   * work that may commit by itself: takes both as its own, if they are there and not known yet. The
   * earlier, the less time for others to put theirs in their place.
   */
  public synchronized void seenBy(EngineConnection connection) {
    if (user != connection) {
      know(connection, true);
    }
  }

  private void know(EngineConnection connection, boolean bothOnly) {
    try {
      BasicFileAttributes logNow = attributesOf(log);
      BasicFileAttributes indexNow = attributesOf(index);
      if (bothOnly && (logNow == null || indexNow == null)) {
        return;
      }
      logIdentity = identityOf(logNow);
      indexIdentity = identityOf(indexNow);
      user = connection;
      unknown = false;
    } catch (IOException unseen) {
      user = null;
      unknown = true;
    }
  }

  /** Before the writer's connection is replaced: the next one may create both anew. */
  public synchronized void forget() {
    user = null;
    unknown = false;
  }

  /** Whether the files of this connection are known, so that a look can tell something. */
  public synchronized boolean isKnownOf(EngineConnection connection) {
    return user == connection;
  }

  /** Looks at both, after {@link #usedBy}. */
  public synchronized State look() {
    if (user == null) {
      return foreign ? State.FOREIGN : State.UNSEEN;
    }
    try {
      State state = compare(attributesOf(log), attributesOf(index));
      foreign |= state == State.FOREIGN;
      return foreign ? State.FOREIGN : state;
    } catch (IOException unseen) {
      return foreign ? State.FOREIGN : State.UNSEEN;
    }
  }

  private State compare(
      @Nullable BasicFileAttributes logNow, @Nullable BasicFileAttributes indexNow) {
    boolean logThere = logNow != null && Objects.equals(logIdentity, identityOf(logNow));
    boolean indexThere = indexNow != null && Objects.equals(indexIdentity, identityOf(indexNow));
    long logBytes = logNow == null ? 0 : logNow.size();
    if (logThere && indexThere) {
      return State.WELL;
    }
    boolean noOtherIndex = indexThere || (!logThere && indexNow == null);
    return noOtherIndex && (logThere || logBytes == 0) ? State.LOG_LOST : State.FOREIGN;
  }

  /** Looks, from any thread and at any time: what a checkpoint would meet. */
  public synchronized State beforeCheckpoint() {
    // Without a connection of the writer there is nothing of ours to take for something else
    return user == null && !foreign && !unknown ? State.WELL : look();
  }

  /**
   * Fails if a checkpoint could meet a log or an index that is not ours. Looks.
   *
   * @throws StorageException FILE_REPLACED; IO_ERROR if they cannot be looked at now
   */
  public void requireOurs() {
    State state = beforeCheckpoint();
    if (state == State.UNSEEN) {
      throw new StorageException(
          "The -wal and -shm files beside the database could not be looked at, so nothing was"
              + " copied out of the log. Look after the rights of the directory, and try again",
          ErrorDetails.NONE,
          StorageException.Kind.IO_ERROR);
    }
    if (state != State.WELL) {
      throw new StorageException(
          "The -wal or -shm file beside the database was replaced or removed while the database was"
              + " open, so nothing is copied out of the log any more: it could overwrite what"
              + " others have written. Close the database and open it again",
          ErrorDetails.NONE,
          StorageException.Kind.FILE_REPLACED);
    }
  }

  private static @Nullable Object identityOf(@Nullable BasicFileAttributes attributes) {
    return attributes == null ? null : attributes.fileKey();
  }

  private static @Nullable BasicFileAttributes attributesOf(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException missing) {
      return null;
    }
  }
}
