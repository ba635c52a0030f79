package io.github.reactivesqlite.benchmarks.measure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** How long the disk takes to make a page durable. */
public final class Fsync {

  private static final int PAGE = 4_096;
  private static final int ROUNDS = 51;

  private Fsync() {}

  /**
   * The median of some {@code write} + {@code fdatasync} pairs, in milliseconds.
   *
   * @param directory where the databases of the run live
   * @throws IOException if a file there cannot be written
   */
  public static double medianMillis(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "fsync", ".probe");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long[] nanos = new long[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        ByteBuffer page = ByteBuffer.allocate(PAGE);
        page.putInt(round).rewind();
        long begun = System.nanoTime();
        channel.write(page);
        channel.force(false);
        nanos[round] = System.nanoTime() - begun;
      }
      Arrays.sort(nanos);
      return nanos[ROUNDS / 2] / 1e6;
    } finally {
      Files.delete(file);
    }
  }
}
