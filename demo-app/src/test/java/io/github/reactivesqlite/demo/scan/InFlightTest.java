package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What is asked for the file's lock while a scan goes on, and only then, is what it cost. */
class InFlightTest {

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private SqliteDatabase db;
  private InFlight inFlight;

  @BeforeEach
  void open() {
    db = SqliteDatabase.temporary();
    db.script("CREATE TABLE t (x)").block(BOUND);
    inFlight = new InFlight(db);
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void scanCostsWhatIsWrittenFromItsBeginToItsEnd() {
    write(1);
    inFlight.begin(1);
    write(2);
    assertThat(attempts()).isEqualTo(2);
    inFlight.observe(running(1));
    write(3);
    inFlight.observe(ended(1));
    write(4);
    inFlight.observe(ended(1));
    assertThat(attempts()).isEqualTo(5);
  }

  @Test
  void scanOfAnotherProcessBeginsWhenItIsSeen() {
    inFlight.observe(ended(1));
    write(1);
    inFlight.observe(running(2));
    assertThat(attempts()).isZero();
    write(2);
    assertThat(attempts()).isEqualTo(2);
  }

  @Test
  void scanThatEndedBeforeThisProcessBeganCostsItNothing() {
    write(1);
    inFlight.observe(ended(7));
    write(2);
    assertThat(attempts()).isZero();
  }

  /** The look at the rows can be older than the scan that this process has begun since. */
  @Test
  void earlierScanIsNotMistakenForTheLatest() {
    inFlight.begin(2);
    write(1);
    inFlight.observe(ended(1));
    write(1);
    assertThat(attempts()).isEqualTo(2);
  }

  /**
   *
   *
   * <pre>
   * scan    runs │ ended │ tried again │ ended │ tried again
   * writes    2      30         3          30         4
   * </pre>
   */
  @Test
  void scanThatIsTriedAgainCostsNothingInBetween() {
    inFlight.begin(1);
    write(2);
    inFlight.observe(ended(1));
    write(30);
    inFlight.observe(running(1));
    write(3);
    assertThat(attempts()).isEqualTo(5);
    inFlight.observe(ended(1));
    write(30);
    assertThat(attempts()).isEqualTo(5);
    inFlight.observe(running(1));
    write(4);
    assertThat(attempts()).isEqualTo(9);

    inFlight.begin(2);
    assertThat(attempts()).as("the next scan").isZero();
  }

  @Test
  void writesUnderWayAreCountedHoweverTheyEnd() {
    Disposable left = inFlight.count(Mono.never()).subscribe();
    Disposable other = inFlight.count(Mono.never()).subscribe();
    assertThat(inFlight.now()).isEqualTo(2);
    left.dispose();
    inFlight.count(Mono.error(new IllegalStateException())).onErrorComplete().block(BOUND);
    inFlight.count(Mono.just(1)).block(BOUND);
    assertThat(inFlight.now()).isEqualTo(1);
    assertThat(inFlight.most()).isEqualTo(2);

    inFlight.begin(1);
    assertThat(inFlight.most()).as("of the new scan").isEqualTo(1);
    other.dispose();
    assertThat(inFlight.now()).isZero();
  }

  private void write(int times) {
    for (int i = 0; i < times; i++) {
      db.update("INSERT INTO t VALUES (1)").rowsUpdated().block(BOUND);
    }
  }

  private long attempts() {
    return inFlight.lock().attempts();
  }

  private static ScanRow running(long id) {
    return row(id, null, 1);
  }

  private static ScanRow ended(long id) {
    return row(id, START.plusSeconds(1), 0);
  }

  private static ScanRow row(long id, @Nullable Instant finished, int listing) {
    return new ScanRow(
        id, ".", START, START, finished, 0, true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, listing, 0, 0, 0, 0,
        0, 0, 0);
  }
}
