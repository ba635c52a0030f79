package io.github.reactivesqlite.sqlite.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.Engine;
import io.github.reactivesqlite.sqlite.engine.EngineOpening;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.HeldReads;
import io.github.reactivesqlite.sqlite.support.WatchedClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * A reader dies at every place where it asks for the time, which is at every of its steps: every
 * read gets its terminal signal, no reader and no hold is lost, and the next reads succeed.
 */
@Tag("reliability")
class ReaderRecoveryTest {

  private static final int NEVER = Integer.MAX_VALUE;
  private static final int LEAST_PLACES = 30;
  private static final int MOST_PLACES = 1_000;
  private static final int ROWS = 2_000;

  @TempDir Path directory;

  private final AtomicInteger countdown = new AtomicInteger(NEVER);
  private final AtomicInteger deaths = new AtomicInteger();
  private volatile boolean onlyInsideARead;
  private Engine engine;
  private ReactiveDatabase database;

  @BeforeEach
  void open() {
    SqliteConfig config = SqliteConfig.builder().name("mortal").readers(2).build();
    engine =
        EngineOpening.open(
                directory.resolve("mortal.db"),
                config,
                EngineTimer.of(new WatchedClock(this::dieWhenDue)))
            .blockOptional(Bounded.PATIENCE)
            .orElseThrow();
    database = engine.root();
    Bounded.get(
        database
            .update(
                "CREATE TABLE item AS WITH RECURSIVE c (n) AS"
                    + " (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < "
                    + ROWS
                    + ") SELECT n FROM c")
            .rowsUpdated());
  }

  @AfterEach
  void close() {
    countdown.set(NEVER);
    Bounded.get(engine.closeGracefully());
  }

  @Test
  void whereverItDiesEveryReadEndsAndNoReaderIsLost() {
    int place = 0;
    boolean died = true;
    while (died && place < MOST_PLACES) {
      place++;
      int before = deaths.get();
      countdown.set(place);
      List<Outcome<?>> reads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        reads.add(Bounded.start(one()));
      }
      reads.add(Bounded.start(stream()));
      reads.add(Bounded.start(unit()));
      reads.add(Bounded.start(snapshot()));
      reads.forEach(Outcome::get);
      countdown.set(NEVER);
      died = deaths.get() > before;

      assertThat(Bounded.get(one())).isEqualTo(ROWS);
      assertThat(Bounded.get(stream())).isEqualTo(ROWS);
      assertThat(Bounded.get(snapshot())).isEqualTo(2L * ROWS);
      for (Outcome<?> read : reads) {
        if (read.get().hasValue()) {
          assertThat(((Number) read.value()).longValue()).isIn((long) ROWS, 2L * ROWS);
        }
      }
      Bounded.until("all readers are free again", () -> database.stats().reads().active() == 0);
    }
    System.out.printf("%d deaths of a reader, every read ended%n", deaths.get());
    assertThat(deaths).as("places, all of them").hasValueBetween(LEAST_PLACES, MOST_PLACES - 1);
  }

  /** No later read comes that would take an answer along. */
  @ParameterizedTest
  @ValueSource(strings = {"query", "stream", "unit", "snapshot"})
  void whereverItDiesAReadThatIsAloneEnds(String kind) {
    Mono<Long> read =
        switch (kind) {
          case "query" -> one();
          case "stream" -> stream();
          case "unit" -> unit();
          default -> snapshot();
        };
    long expected = Bounded.get(read);
    int place = 0;
    boolean died = true;
    while (died && place < MOST_PLACES) {
      place++;
      int before = deaths.get();
      countdown.set(place);
      Outcome<Long> alone = Bounded.start(read);
      if (alone.get().hasValue()) {
        assertThat(alone.value()).as("answer, place %d", place).isEqualTo(expected);
      }
      Bounded.until("all readers are free again", () -> database.stats().reads().active() == 0);
      countdown.set(NEVER);
      died = deaths.get() > before;
    }
    assertThat(deaths).as("places, all of them").hasValueBetween(4, MOST_PLACES - 1);
  }

  @Test
  void whereverAReadDiesTheOthersOfItsBatchDoNot() {
    onlyInsideARead = true;
    int place = 0;
    boolean died = true;
    while (died && place < MOST_PLACES) {
      place++;
      int before = deaths.get();
      HeldReads held = HeldReads.queries(database, 2);
      List<Outcome<?>> reads = new ArrayList<>(held.outcomes());
      for (int i = 0; i < 8; i++) {
        reads.add(Bounded.start(one()));
      }
      countdown.set(place);
      held.letGo();
      long failed = reads.stream().filter(read -> !read.get().hasValue()).count();
      countdown.set(NEVER);
      died = deaths.get() > before;

      // None, when the one that died had its answer already
      assertThat(failed).as("reads that failed, place %d", place).isBetween(0L, 1L);
    }
    assertThat(deaths).as("places, all of them").hasValueBetween(8, MOST_PLACES - 1);
    assertThat(database.stats().reads().replaced()).isZero();
  }

  private Mono<Long> one() {
    return database.query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  private Mono<Long> stream() {
    return database.query("SELECT n FROM item").mapTo(Long.class).all().limitRate(100).count();
  }

  private Mono<Long> unit() {
    return database.read(
        session ->
            session.query("SELECT count(*) FROM item").mapTo(Long.class).one().orElseThrow());
  }

  private Mono<Long> snapshot() {
    return database.withSnapshot(
        snapshot -> {
          Mono<Long> count = snapshot.query("SELECT count(*) FROM item").mapTo(Long.class).one();
          return count.zipWith(count, Long::sum);
        });
  }

  /** Throws on a reader's thread, once, when the countdown ends. */
  private void dieWhenDue() {
    if (Thread.currentThread().getName().contains("-reader-")
        && countdown.get() != NEVER
        && (!onlyInsideARead || WatchedClock.isAskedBy(Reader.class, "runOne"))
        && countdown.decrementAndGet() == 0) {
      countdown.set(NEVER);
      deaths.incrementAndGet();
      throw new StackOverflowError("provoked");
    }
  }
}
