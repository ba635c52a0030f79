package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.Scale;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Much more than fits into a small heap: attempts that find the queue full are answered and
 * forgotten, and rows wait in the database until a slow subscriber asks for them. The heap is
 * looked at ten times, after a collection each.
 */
@Tag("reliability")
@Tag("process")
class FlatHeapTest {

  private static final Duration AT_MOST = Duration.ofMinutes(4);
  private static final String HEAP = "96m";
  private static final double MOST_GROWTH_MB = 40;
  private static final int QUEUE = 10_000;
  private static final int RESERVED_FOR_THE_ENGINE = QUEUE / 10;
  private static final int TWO_CHUNKS = 512;
  private static final Pattern RESULT =
      Pattern.compile("(.*), heap ([0-9.]+) to ([0-9.]+) MB, [0-9]+ ms");

  @TempDir Path directory;

  @Test
  void writesThatFindTheQueueFullAreAnsweredAndNotStored() throws InterruptedException {
    int attempts = Scale.of(100_000, 1_000_000);
    int served = QUEUE - RESERVED_FOR_THE_ENGINE;

    assertThat(run("writes", attempts))
        .isEqualTo("succeeded %d, refused %d, other 0, rows %d", served, attempts - served, served);
  }

  @Test
  void readsThatFindTheQueueFullAreAnsweredAndNotStored() throws InterruptedException {
    int attempts = Scale.of(50_000, 1_000_000);

    assertThat(run("reads", attempts))
        .isEqualTo("succeeded %d, refused %d, other 0", QUEUE, attempts - QUEUE);
  }

  @Test
  void rowsWaitInTheDatabaseForASlowSubscriber() throws InterruptedException {
    int rows = Scale.of(500_000, 10_000_000);

    Matcher ahead =
        Pattern.compile("rows " + rows + ", read ahead at most ([0-9]+)")
            .matcher(run("rows", rows));

    assertThat(ahead.matches()).isTrue();
    assertThat(Integer.parseInt(ahead.group(1))).isLessThanOrEqualTo(TWO_CHUNKS);
  }

  private String run(String what, int amount) throws InterruptedException {
    try (ChildJvm child =
        ChildJvm.of(directory, FlatHeapMain.class)
            .heap(HEAP)
            .option("-XX:+ExitOnOutOfMemoryError")
            .start(directory.resolve("heap.db"), what, amount)) {
      String line = child.awaitLine("done ", AT_MOST);
      System.out.println("flat heap: -Xmx" + HEAP + ", " + what + " " + amount + ": " + line);
      Matcher result = RESULT.matcher(line);
      assertThat(result.matches()).as(line).isTrue();
      assertThat(Double.parseDouble(result.group(3)) - Double.parseDouble(result.group(2)))
          .as("growth of the heap in MB; %s", line)
          .isLessThan(MOST_GROWTH_MB);
      return result.group(1);
    }
  }
}
