package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Peer.Told;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that do not fit into the heap, asked for at every door, while others go on. */
@Tag("reliability")
@Tag("process")
class SmallHeapTest {

  private static final int ROUNDS = Scale.of(1, 30);

  @TempDir Path directory;

  @Test
  void aValueWithoutRoomFailsItsOwnOperationOnly() throws Exception {
    Path file = directory.resolve("small-heap.db");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Bounded.get(database.script("CREATE TABLE hog (x)"));
    }
    long slowest = 0;
    int hogs = 0;
    try (Peer peer = Peer.start(directory, file, 1, launch -> launch.heap("48m")).awaitReady()) {
      peer.ask("load 4");
      for (int round = 0; round < ROUNDS; round++) {
        for (Hog hog : Hog.values()) {
          Told fed = peer.tell("hog " + hog);
          hogs++;
          System.out.println("small heap, " + hog + ": " + fed);
          assertThat(fed.isAcknowledged()).as("%s: %s", hog, fed).isFalse();
          assertThat(fed.message()).as("%s: %s", hog, fed).containsIgnoringCase("memory");
          for (String next : List.of("read", "write " + Way.UNIT)) {
            Told answer = peer.tell(next);
            assertThat(answer.isAcknowledged()).as("%s after %s: %s", next, hog, answer).isTrue();
            slowest = Math.max(slowest, answer.took().toMillis());
          }
        }
      }
      String load = peer.ask("calm");
      assertThat(load).endsWith("unanswered 0");
      peer.end();
      Verdict verdict = Verdict.of(List.of(peer.ledger()), file);
      System.out.printf(
          "small heap: %d values without room, slowest recovery %d ms; beside them %s; %s%n",
          hogs, slowest, load, verdict);
      assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
      assertThat(load).contains("failed 0, unknown 0");
    }
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      assertThat(Bounded.get(database.query("SELECT count(*) FROM hog").mapTo(Long.class).one()))
          .isZero();
    }
    assertThat(slowest).isLessThan(Trials.RECOVERY.toMillis());
  }
}
