package io.github.reactivesqlite.sqlite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.ReadQueueFullException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.HeldReads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** The queue of the readers holds so many bytes of values; who leaves gives them back. */
@Tag("reliability")
class ReadQueueBytesTest {

  private static final int READERS = 2;
  private static final long ROOM = 1_000_000;
  private static final int LARGE = 300_000;
  private static final int MORE_THAN_FIT = 8;

  @TempDir Path directory;

  private SqliteDatabase database;
  private HeldReads unit;
  private HeldReads query;

  @BeforeEach
  void openAndOccupyReaders() {
    database =
        SqliteDatabase.builder(directory.resolve("bytes.db"))
            .config(config -> config.readers(READERS).queueBytes(ROOM))
            .build();
    unit = HeldReads.unit(database);
    query = HeldReads.queries(database, READERS - 1);
  }

  @AfterEach
  void close() {
    letReadersGo();
    database.close();
  }

  private void letReadersGo() {
    unit.letGo();
    query.letGo();
  }

  @Test
  void readsBeyondTheBytesAreRefused() {
    List<Outcome<Long>> reads = new ArrayList<>();
    for (int i = 0; i < MORE_THAN_FIT; i++) {
      reads.add(Bounded.start(largeRead()));
    }

    Outcome<Long> last = reads.get(MORE_THAN_FIT - 1);
    Bounded.until("the last read is refused, while nobody reads", last::isDone);
    assertThat(last.error())
        .isInstanceOfSatisfying(
            ReadQueueFullException.class,
            full -> {
              assertThat(full.depth()).isBetween(ROOM - LARGE, ROOM);
              assertThat(full.capacity()).isEqualTo(ROOM);
            });
    letReadersGo();
    assertThat(reads.get(0).value()).isEqualTo(LARGE);
    assertThat(reads.stream().filter(read -> read.get().hasValue()).count())
        .isEqualTo(ROOM / LARGE);
  }

  @Test
  void readsThatAreCancelledGiveTheirBytesBack() {
    for (int i = 0; i < MORE_THAN_FIT; i++) {
      Outcome<Long> cancelled = Bounded.start(largeRead());
      assertThat(cancelled.isDone()).as("read %d was refused", i).isFalse();
      cancelled.cancel();
    }
    Outcome<Long> last = Bounded.start(largeRead());
    letReadersGo();

    assertThat(last.value()).isEqualTo(LARGE);
  }

  private Mono<Long> largeRead() {
    return database.query("SELECT length(?)").bind(1, new byte[LARGE]).mapTo(Long.class).one();
  }
}
