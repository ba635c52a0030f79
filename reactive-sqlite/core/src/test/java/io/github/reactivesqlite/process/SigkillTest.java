package io.github.reactivesqlite.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes in every way at once is killed at a random moment, again and again on the
 * same file. {@code -Dsigkill.seed} repeats the moments of a run, {@code -Dsigkill.kills} says how
 * many.
 */
@Tag("process")
@Tag("reliability")
@Timeout(900)
class SigkillTest {

  private static final Duration STEP = Duration.ofSeconds(60);
  private static final int KILLS = Integer.getInteger("sigkill.kills", Scale.of(8, 22));
  private static final int LONGEST_LIFE_MILLIS = 250;
  private static final long NUMBERS_PER_LIFE = 1_000_000_000L;

  private final long seed = Long.getLong("sigkill.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @TempDir Path directory;

  private Path file;
  private int acknowledged;
  private int inFlight;
  private int keptUnacknowledged;

  @BeforeEach
  void createTables() {
    file = directory.resolve("killed.db");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      database
          .script(
              """
              CREATE TABLE single (id INTEGER PRIMARY KEY, body TEXT);
              CREATE TABLE pair_left (id INTEGER PRIMARY KEY);
              CREATE TABLE pair_right (id INTEGER PRIMARY KEY);
              CREATE TABLE chunk (first INTEGER PRIMARY KEY, items INTEGER);
              CREATE TABLE chunk_item (id INTEGER PRIMARY KEY, first INTEGER);
              CREATE TABLE batch_item (id INTEGER PRIMARY KEY);
              """)
          .block(STEP);
    }
  }

  @Test
  void everyAcknowledgedWriteOutlivesAKillAndNoUnitIsHalfThere() throws Exception {
    System.out.println("seed " + seed);
    ChildJvm next = start(0);
    try {
      for (int life = 0; life < KILLS; life++) {
        ChildJvm writer = next;
        try {
          // The next one loads its classes while this one writes and is judged
          next = start(life + 1);
          liveAndDie(writer);
        } finally {
          writer.close();
        }
        judge(life);
      }
    } finally {
      next.close();
    }
    System.out.printf(
        "%d kills, %d acknowledged, %d in flight when killed, %d of them committed, 0 lost%n",
        KILLS, acknowledged, inFlight, keptUnacknowledged);
  }

  private ChildJvm start(int life) {
    return ChildJvm.start(
        directory, DoomedWriter.class, file, journalOf(life), life * NUMBERS_PER_LIFE);
  }

  private Path journalOf(int life) {
    return directory.resolve("journal-" + life);
  }

  private void liveAndDie(ChildJvm writer) throws InterruptedException {
    writer.awaitLine("waiting", STEP);
    writer.say("go");
    writer.awaitLine("writing", STEP);
    Duration rest = Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS));
    assertThat(writer.endsWithin(rest)).as(writer.transcript()).isFalse();
    writer.kill();
    assertThat(writer.transcript()).doesNotContain("error");
  }

  private void judge(int life) throws Exception {
    Journal journal = Journal.read(journalOf(life));
    long first = life * NUMBERS_PER_LIFE;
    assertThat(journal.inFlight()).as("unacknowledged when killed, life %d", life).isPositive();
    inFlight += journal.inFlight();
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      holdsAll(journal, KilledWork.SINGLE, ids(database, "single", first));
      Set<Long> left = ids(database, "pair_left", first);
      holdsAll(journal, KilledWork.PAIR, left);
      assertThat(ids(database, "pair_right", first))
          .as("half units, life %d", life)
          .isEqualTo(left);
      holdsChunks(database, journal, KilledWork.CHUNKS, "chunk_item", first);
      holdsChunks(database, journal, KilledWork.BATCH, "batch_item", first);
      noChunkIsHalfThere(database, first);
      assertThat(
              database.maintenance().integrityCheck().blockOptional(STEP).orElseThrow().problems())
          .isEmpty();
    }
  }

  private void holdsAll(Journal journal, KilledWork work, Set<Long> rows) {
    Set<Long> lost = new HashSet<>(journal.acknowledged(work));
    acknowledged += lost.size();
    keptUnacknowledged += rows.size();
    keptUnacknowledged -= lost.size();
    lost.removeAll(rows);
    assertThat(lost).as("acknowledged %s that are lost, seed %d", work, seed).isEmpty();
  }

  /** A stream is written in order, so what is there is a beginning of it, in whole chunks. */
  private void holdsChunks(
      SqliteDatabase database, Journal journal, KilledWork work, String table, long first) {
    Set<Long> rows = ids(database, table, first);
    long upTo = journal.acknowledgedUpTo(work, first);
    acknowledged += (int) (upTo - first);
    assertThat((long) rows.size())
        .as("%s, seed %d", work, seed)
        .isGreaterThanOrEqualTo(upTo - first);
    assertThat(rows.stream().mapToLong(Long::longValue).max().orElse(first - 1))
        .as("%s has no gaps, seed %d", work, seed)
        .isEqualTo(first + rows.size() - 1);
  }

  private void noChunkIsHalfThere(SqliteDatabase database, long firstOfLife) {
    assertThat(
            texts(
                database,
                """
                SELECT 'chunk ' || first || ' has ' || i.items || ' of ' || c.items
                FROM (SELECT first, items FROM chunk WHERE first >= :first) c
                FULL JOIN (SELECT first, count(*) AS items FROM chunk_item WHERE id >= :first
                           GROUP BY first) i USING (first)
                WHERE i.items IS NOT c.items
                """,
                firstOfLife))
        .as("half chunks, seed %d", seed)
        .isEmpty();
  }

  private static Set<Long> ids(SqliteDatabase database, String table, long first) {
    return database
        .query("SELECT id FROM " + table + " WHERE id BETWEEN :first AND :last")
        .bind("first", first)
        .bind("last", first + NUMBERS_PER_LIFE - 1)
        .mapTo(Long.class)
        .all()
        .collect(HashSet<Long>::new, Set::add)
        .blockOptional(STEP)
        .orElseThrow();
  }

  private static List<String> texts(SqliteDatabase database, String sql, long first) {
    return database
        .query(sql)
        .bind("first", first)
        .map(row -> String.valueOf(row.getString(1)))
        .all()
        .collectList()
        .blockOptional(STEP)
        .orElseThrow();
  }
}
