package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What else may happen to a group: cancels, interrupts, work between, a full disk. */
class GroupScenariosTest extends GroupsOfWrites {

  @Test
  void cancelledMembersNeverRunAndKeepNobodyUp() {
    AtomicBoolean ran = new AtomicBoolean();
    List<Outcome<?>> outcomes = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      outcomes.add(Bounded.start(insert("a")));
      Outcome<Boolean> cancelled =
          Bounded.start(
              database.write(
                  session -> {
                    ran.set(true);
                    return true;
                  }));
      outcomes.add(Bounded.start(insert("b")));
      cancelled.cancel();
      writer.release();
    }
    outcomes.forEach(Outcome::value);
    insert("c").block(Bounded.PATIENCE);

    assertThat(ran).isFalse();
    assertThat(who()).containsExactly("a", "b", "c");
    assertThat(database.stats().writes().cancelledQueued()).isOne();
  }

  @Test
  void anInterruptLeftBehindByAUnitIsNotSeenByTheNext() {
    List<Outcome<?>> group =
        group(
            database.write(
                session -> {
                  Thread.currentThread().interrupt();
                  return true;
                }),
            database.write(session -> Thread.currentThread().isInterrupted()),
            insert("a"));

    assertThat(group.get(1).value()).isEqualTo(false);
    assertThat(group.get(2).value()).isEqualTo(1L);
  }

  @Test
  @Tag("process")
  void workBetweenTransactionsAndCancelledHeadsLoseNobody() {
    int rounds = Scale.of(75, 300);
    AtomicInteger next = new AtomicInteger();
    List<Outcome<?>> kept = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<Outcome<?>> left = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        left.add(Bounded.start(database.update("DELETE FROM item WHERE id = -1").rowsUpdated()));
        kept.add(Bounded.start(insert("w" + next.incrementAndGet())));
        left.add(Bounded.start(database.maintenance().optimize()));
        kept.add(Bounded.start(database.maintenance().optimize()));
      }
      left.forEach(Outcome::cancel);
    }
    kept.forEach(Outcome::value);

    assertThat(count("SELECT count(*) FROM item")).isEqualTo(rounds * 4L);
  }

  @Test
  @Tag("process")
  void aFullDiskFailsTheGroupOnceAndWritesGoOnWhenThereIsRoom() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("small"));
    assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString()));
    try {
      SqliteDatabase small = open(mount.resolve("small.db"));
      try {
        small
            .update("CREATE TABLE blob (id INTEGER PRIMARY KEY, b)")
            .rowsUpdated()
            .block(Bounded.PATIENCE);
        List<Outcome<?>> outcomes = new ArrayList<>();
        try (OccupiedWriter writer = new OccupiedWriter(small)) {
          outcomes.add(Bounded.start(blob(small, 1, 1_000)));
          // Spills out of the cache before COMMIT
          outcomes.add(Bounded.start(blob(small, 2, 3_000_000)));
          outcomes.add(Bounded.start(blob(small, 3, 1_000)));
          writer.release();
        }

        assertThat(outcomes.get(0).value()).isEqualTo(1L);
        assertThat(outcomes.get(1).error())
            .isInstanceOfSatisfying(
                StorageException.class,
                full -> assertThat(full.kind()).isEqualTo(StorageException.Kind.DISK_FULL));
        assertThat(outcomes.get(2).value()).isEqualTo(1L);
        assertThat(ids(small)).containsExactly(1L, 3L);

        assertThat(command("mount", "-o", "remount,size=16m", mount.toString())).isTrue();
        assertThat(Bounded.get(blob(small, 2, 3_000_000))).isOne();
        assertThat(ids(small)).containsExactly(1L, 2L, 3L);
      } finally {
        small.close();
      }
    } finally {
      command("umount", mount.toString());
    }
  }

  private static Mono<Long> blob(SqliteDatabase in, long id, int bytes) {
    return in.update("INSERT INTO blob VALUES (?, randomblob(?))")
        .bind(1, id)
        .bind(2, bytes)
        .rowsUpdated();
  }

  private static List<Long> ids(SqliteDatabase in) {
    return Bounded.get(
        in.query("SELECT id FROM blob ORDER BY id").mapTo(Long.class).all().collectList());
  }

  /** Whether it could be run, and succeeded. */
  private static boolean command(String... words) throws InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException noSuchProgram) {
      return false;
    }
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
