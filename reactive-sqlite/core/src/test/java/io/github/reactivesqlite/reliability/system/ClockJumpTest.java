package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.system.Peer.Told;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock of a process jumps a day ahead, and two days back, while it works. */
@Tag("reliability")
@Tag("process")
class ClockJumpTest {

  private static final long DAY = Duration.ofDays(1).toSeconds();
  private static final long TIMEOUT = 300;

  @TempDir Path directory;

  @Test
  void timeoutsBackoffAndSchedulesDoNotNotice() throws Exception {
    String library = NativeTools.sharedObject("clock").toString();
    Path control = directory.resolve("offset");
    Path file = directory.resolve("timeless.db");
    StringBuilder figures = new StringBuilder();
    try (FileChannel clock =
        FileChannel.open(control, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      set(clock, 0);
      try (Peer peer =
              Peer.start(
                      directory,
                      file,
                      1,
                      launch ->
                          launch
                              .environment("LD_PRELOAD", library)
                              .environment("CLOCK_CTL", control.toString()))
                  .awaitReady();
          ForeignProcess holder = new ForeignProcess(file)) {
        peer.ask("load 8");
        for (long offset : new long[] {DAY, -DAY, 0}) {
          Duration progress = jumpUnderLoad(peer, clock, offset);
          figures.append(" load goes on after %d ms,".formatted(progress.toMillis()));
        }
        String load = peer.ask("calm");
        assertThat(load).contains("failed 0, unknown 0").endsWith("unanswered 0");

        for (long offset : new long[] {DAY, -DAY}) {
          holder.hold();
          peer.ask("start STATEMENT " + TIMEOUT);
          set(clock, offset);
          Told busy = peer.tell("await");
          holder.release();
          assertThat(busy.kind()).as("%s", busy).isEqualTo("DatabaseBusyException");
          inTime(busy);
          assertThat(attempts(busy)).isBetween(2L, 1_000L);

          holder.hold();
          peer.ask("start STATEMENT " + Bounded.PATIENCE.toMillis());
          set(clock, -offset);
          long released = System.nanoTime();
          holder.release();
          Told waited = peer.tell("await");
          assertThat(waited.isAcknowledged()).as("%s", waited).isTrue();
          Duration resumed = Duration.ofNanos(System.nanoTime() - released);
          assertThat(resumed).isLessThan(Trials.RECOVERY);

          peer.ask("hang " + TIMEOUT);
          set(clock, offset / 2);
          Told hung = peer.tell("await");
          assertThat(hung.kind()).as("%s", hung).isEqualTo("TransactionTimeoutException");
          inTime(hung);
          figures.append(
              " lock timeout %d ms, transaction timeout %d ms of %d, written %d ms after a release,"
                  .formatted(
                      busy.took().toMillis(), hung.took().toMillis(), TIMEOUT, resumed.toMillis()));
          assertThat(peer.tell("write UNIT").isAcknowledged()).isTrue();
        }
        peer.end();
        Verdict verdict = Verdict.of(List.of(peer.ledger()), file);
        assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
        System.out.println("clock jumps:" + figures + " " + verdict);
      }
    }
  }

  private static Duration jumpUnderLoad(Peer peer, FileChannel clock, long offset)
      throws Exception {
    set(clock, offset);
    long now = Long.parseLong(peer.ask("now"));
    assertThat(now - System.currentTimeMillis() - offset * 1_000).isBetween(-60_000L, 60_000L);
    Duration progress = peer.awaitProgress();
    assertThat(progress).isLessThan(Trials.RECOVERY);
    return progress;
  }

  private static void inTime(Told told) {
    assertThat(told.took().toMillis())
        .as("%s", told)
        .isBetween(TIMEOUT - 20, TIMEOUT + Trials.LATENESS.toMillis());
  }

  private static long attempts(Told busy) {
    String before = busy.message().replaceAll("(?s).*?(\\d+) attempts.*", "$1");
    return Long.parseLong(before);
  }

  private static void set(FileChannel clock, long seconds) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    bytes.putLong(0, seconds);
    clock.write(bytes, 0);
  }
}
