package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Trials.Answer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The file is taken from under the open database, before and in the middle of every kind of write.
 */
@Tag("reliability")
class LostFileTest {

  @TempDir Path directory;

  /** How the file is lost; each returns where it is now, or nothing is left of it. */
  enum Loss {
    DELETED {
      @Override
      void strike(Path place, Path file) throws IOException {
        Files.delete(file);
      }
    },
    REPLACED {
      @Override
      void strike(Path place, Path file) throws IOException {
        Files.move(place.resolve(SUBSTITUTE), file, StandardCopyOption.ATOMIC_MOVE);
      }
    },
    DIRECTORY_RENAMED {
      @Override
      void strike(Path place, Path file) throws IOException {
        Files.move(place, moved(place));
      }
    };

    abstract void strike(Path place, Path file) throws IOException;

    void strikeNow(Path file) {
      try {
        strike(placeOf(file), file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final String SUBSTITUTE = "substitute.db";

  private static Path placeOf(Path file) {
    return file.getParent();
  }

  private static Path moved(Path place) {
    return place.resolveSibling(place.getFileName() + "-moved");
  }

  /** The short form takes each way once, and the losses in turn. */
  static Stream<Arguments> waysAndLosses() {
    List<Arguments> all = new ArrayList<>();
    for (Way way : Way.values()) {
      for (Loss loss : Loss.values()) {
        if (Scale.isLong() || (way.ordinal() - loss.ordinal()) % Loss.values().length == 0) {
          all.add(Arguments.of(way, loss));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("waysAndLosses")
  void noWriteIsAcknowledgedAfterwards(Way way, Loss loss) throws Exception {
    Path file = prepare(loss);
    Path ledger = directory.resolve("ledger");
    try (Trials trials = new Trials(ledger, 0);
        SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      for (Way before : Way.REPEATABLE) {
        assertThat(trials.write(database, before).error()).as("%s", before).isNull();
      }

      loss.strikeNow(file);

      // Unknown, unless an upkeep step on the writer has noticed before it began
      Answer first = trials.write(database, way);
      assertThat(first.isAcknowledged()).isFalse();
      assertThat(first.kind()).as("%s", first.error()).isIn("UNKNOWN", "FILE_REPLACED");
      assertThat(Trials.messagesOf(first.failure())).contains("replaced or removed");
      for (Way later : Way.values()) {
        Answer refused = trials.write(database, later);
        assertThat(refused.fate()).as("%s: %s", later, refused.error()).isEqualTo(Fate.FAILED);
        assertThat(refused.kind())
            .as("%s: %s", later, refused.error())
            .isEqualTo(StorageException.Kind.FILE_REPLACED.name());
      }
      Bounded.until("all are answered", () -> trials.unanswered() == 0);
    }
    judge(loss, file, ledger);
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void chunksCommittedBeforeCountAndLaterOnesDoNot(Loss loss) throws Exception {
    Path file = prepare(loss);
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      List<Integer> acknowledged = new CopyOnWriteArrayList<>();
      Throwable error =
          Bounded.start(
                  database
                      .batch("INSERT INTO entry VALUES (?1, 0, NULL)")
                      .chunkSize(5)
                      .execute(
                          Flux.range(0, 50), (parameters, item) -> parameters.bind(1, 1_000 + item))
                      .doOnNext(chunk -> acknowledged.add((int) chunk.firstItem()))
                      .doOnNext(
                          chunk -> {
                            if (chunk.firstItem() == 0) {
                              loss.strikeNow(file);
                            }
                          })
                      .then())
              .error();
      assertThat(error).hasRootCauseInstanceOf(CommitOutcomeUnknownException.class);
      // Those in flight when it was struck may have been answered before
      assertThat(acknowledged).startsWith(0).hasSizeLessThan(10);
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void aTransactionThatWasOpenIsUnknown(Loss loss) throws Exception {
    Path file = prepare(loss);
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      Mono<Void> begun =
          database
              .begin(TransactionOptions.ofDefaults())
              .flatMap(
                  transaction ->
                      transaction
                          .update("INSERT INTO entry VALUES (1, 0, NULL)")
                          .rowsUpdated()
                          .doOnNext(rows -> loss.strikeNow(file))
                          .then(transaction.commit()));
      assertThat(Bounded.start(begun).error()).isInstanceOf(CommitOutcomeUnknownException.class);
      Throwable later =
          Bounded.start(database.begin(TransactionOptions.ofDefaults()).then()).error();
      assertThat(later)
          .isInstanceOfSatisfying(
              StorageException.class,
              refused -> assertThat(refused.kind()).isEqualTo(StorageException.Kind.FILE_REPLACED));
    }
  }

  /** A reader that is opened later would find the other file at the path. */
  @ParameterizedTest
  @EnumSource(Loss.class)
  void noReadIsAnsweredFromAnotherFile(Loss loss) throws Exception {
    Path file = prepare(loss);
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      Bounded.get(database.update("INSERT INTO entry VALUES (7, 0, NULL)").rowsUpdated());
      Mono<Long> unit = database.query("SELECT unit FROM entry").mapTo(Long.class).one();
      Throwable error =
          Bounded.start(
                  database.withSnapshot(
                      snapshot ->
                          snapshot
                              .query("SELECT unit FROM entry")
                              .mapTo(Long.class)
                              .one()
                              .doOnNext(held -> loss.strikeNow(file))
                              .then(unit)))
              .error();
      assertThat(error)
          .isInstanceOfSatisfying(
              StorageException.class,
              refused -> assertThat(refused.kind()).isEqualTo(StorageException.Kind.FILE_REPLACED));
      Path copy = directory.resolve("copy-" + loss);
      assertThat(Bounded.start(database.maintenance().backup(copy).then()).error())
          .isInstanceOf(StorageException.class);
      assertThat(copy).doesNotExist();
    }
  }

  private Path prepare(Loss loss) throws IOException {
    Path place = Files.createDirectory(directory.resolve(loss.name()));
    if (loss == Loss.REPLACED) {
      try (SqliteDatabase substitute = SqliteDatabase.open(place.resolve(SUBSTITUTE))) {
        Trials.prepare(substitute);
        Bounded.get(substitute.update("INSERT INTO entry VALUES (-7, 0, NULL)").rowsUpdated());
      }
    }
    return place.resolve("lost.db");
  }

  private void judge(Loss loss, Path file, Path ledger) throws Exception {
    switch (loss) {
      case DELETED -> assertThat(file).doesNotExist();
      case REPLACED -> {
        try (SqliteDatabase substitute = SqliteDatabase.open(file)) {
          assertThat(
                  Bounded.get(
                      substitute
                          .query("SELECT unit FROM entry")
                          .mapTo(Long.class)
                          .all()
                          .collectList()))
              .containsExactly(-7L);
          assertThat(Bounded.get(substitute.maintenance().integrityCheck()))
              .isNotNull()
              .satisfies(report -> assertThat(report.problems()).isEmpty());
        }
      }
      case DIRECTORY_RENAMED -> {
        assertThat(placeOf(file)).doesNotExist();
        Path now = moved(placeOf(file)).resolve(file.getFileName());
        Verdict verdict = Verdict.of(List.of(ledger), now);
        assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
        System.out.println("renamed directory: " + verdict);
      }
    }
  }
}
