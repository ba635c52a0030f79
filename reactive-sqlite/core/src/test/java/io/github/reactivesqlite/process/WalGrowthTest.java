package io.github.reactivesqlite.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.Scale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes at full rate ({@code -Dwal.seconds} says how long: a minute in the long form) while the
 * size of the write-ahead log is looked at from outside.
 */
@Tag("process")
@Tag("reliability")
@Timeout(300)
class WalGrowthTest {

  private static final Duration STEP = Duration.ofSeconds(60);
  private static final Duration WRITING =
      Duration.ofSeconds(Long.getLong("wal.seconds", Scale.of(15, 60)));
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
  private static final long MEBIBYTE = 1024L * 1024;

  @TempDir Path directory;

  @Test
  void theLogStaysSmallAtFullRate() throws Exception {
    Path file = directory.resolve("growing.db");
    Path log = directory.resolve("growing.db-wal");
    long greatest = 0;
    try (ChildJvm writer =
        ChildJvm.start(directory, FullRateWriter.class, file, WRITING.toMillis())) {
      writer.awaitLine("writing", STEP);
      long end = System.nanoTime() + WRITING.toNanos();
      while (System.nanoTime() - end < 0 && !writer.endsWithin(BETWEEN_LOOKS)) {
        greatest = Math.max(greatest, sizeOf(log));
      }
      String[] result = writer.awaitLine("result ", STEP).split(" ");
      assertThat(writer.endsWithin(STEP)).isTrue();
      assertThat(writer.exitCode()).as(writer.transcript()).isZero();
      long rows = Long.parseLong(result[0]);
      System.out.printf(
          "%d rows in %s s, %d rows/s, %s commits, greatest log %.1f MiB, database %.1f MiB%n",
          rows,
          WRITING.toSeconds(),
          rows / WRITING.toSeconds(),
          result[1],
          (double) greatest / MEBIBYTE,
          (double) sizeOf(file) / MEBIBYTE);
      assertThat(rows).isPositive();
      assertThat(greatest).isBetween(1L, 64 * MEBIBYTE);
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException gone) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
