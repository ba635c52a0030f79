package io.github.reactivesqlite.sqlite.engine.connection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells by one {@code stat} of the directory that no file in it was created, removed or renamed
 * since all of them were found well. That spares a look at each file after every commit, and with
 * it something that costs more than the looks: since Linux 6.13 the next write to a file whose time
 * was asked for gets a time of its own, and a new time makes the next {@code fsync} write the inode
 * too.
 *
 * <p>A directory's time says nothing about a change within the same tick of the file system's
 * clock. So a time is trusted only after it has stood still for longer than a tick. And as there
 * are file systems that keep no such time, it is never trusted for long.
 *
 * <p>All fields belong to the writer thread.
 *
 * @see <a href="https://docs.kernel.org/filesystems/multigrain-ts.html">Multigrain Timestamps</a>
 */
public final class DirectoryLook {

  private static final long FINE_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Where times have whole seconds. */
  private static final long COARSE_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2_100);

  private static final long TRUSTED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Path directory;
  private @Nullable Object key;
  private @Nullable FileTime time;
  private long sameSince;
  private long wellAt;
  private boolean well;

  DirectoryLook(Path directory) {
    this.directory = directory;
  }

  /**
   * Whether all files are still those that were found well. Looks.
   *
   * @param now the monotonic time
   * @return false also when it cannot be told; then look at each of them, and say so by {@link
   *     #foundWell} if they are
   */
  public boolean isUntouched(long now) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(directory, BasicFileAttributes.class);
      if (attributes.lastModifiedTime().equals(time) && isSameKey(attributes)) {
        return well && now - sameSince > tick() && now - wellAt < TRUSTED_NANOS;
      }
      time = attributes.lastModifiedTime();
      key = attributes.fileKey();
      sameSince = now;
    } catch (IOException unseen) {
      time = null;
    }
    well = false;
    return false;
  }

  private boolean isSameKey(BasicFileAttributes attributes) {
    return key != null && key.equals(attributes.fileKey());
  }

  private long tick() {
    boolean wholeSecond = time != null && time.to(TimeUnit.NANOSECONDS) % 1_000_000_000 == 0;
    return wholeSecond ? COARSE_TICK_NANOS : FINE_TICK_NANOS;
  }

  /**
   * All files were looked at one by one after {@link #isUntouched}, and are well.
   *
   * @param before the monotonic time before they were looked at
   */
  public void foundWell(long before) {
    well = true;
    wellAt = before;
  }

  /** Forgets that they were well, as others take their place. */
  public void forget() {
    well = false;
  }
}
