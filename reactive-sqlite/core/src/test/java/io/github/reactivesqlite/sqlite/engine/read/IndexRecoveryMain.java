package io.github.reactivesqlite.sqlite.engine.read;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A process that is about to rebuild the index of the log, and takes its time: it has the locks of
 * a writer and of a recovery, and the header is not valid. It ends when it is told to, and whoever
 * comes next rebuilds the index.
 *
 * @see <a href="https://sqlite.org/walformat.html#wal_locks">WAL locks</a>
 */
final class IndexRecoveryMain {

  static final String HELD = "held";
  static final String FREE = "free";

  private static final int WRITE_LOCK = 120;
  private static final int RECOVER_LOCK = 122;
  private static final int BOTH_HEADERS = 96;

  private IndexRecoveryMain() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (FileChannel index =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      try (FileLock write = index.lock(WRITE_LOCK, 1, false);
          FileLock recover = index.lock(RECOVER_LOCK, 1, false)) {
        index.write(ByteBuffer.allocate(BOTH_HEADERS), 0);
        System.out.println(write.isValid() && recover.isValid() ? HELD : "not held");
        commands.readLine();
      }
      System.out.println(FREE);
    }
  }
}
