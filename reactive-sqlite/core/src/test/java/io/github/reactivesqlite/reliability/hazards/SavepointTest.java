package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** The work of a savepoint throws instead of giving a Mono: the savepoint is undone, no more. */
@Tag("reliability")
class SavepointTest {

  @TempDir Path directory;

  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database = SqliteDatabase.builder(directory.resolve("savepoint.db")).build();
    Bounded.get(database.script("CREATE TABLE item (id INTEGER PRIMARY KEY)"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @EnumSource(Thrown.class)
  void workThatThrowsUndoesItsSavepointOnly(Thrown thrown) {
    AtomicReference<Throwable> told = new AtomicReference<>();

    Bounded.get(
        database.withTransaction(
            tx ->
                insert(tx, 1)
                    .then(tx.<Long>withSavepoint(inner -> thrown.raised()))
                    .onErrorResume(
                        error -> {
                          told.set(error);
                          return insert(tx, 2);
                        })));

    if (isError(thrown)) {
      assertThat(told.get())
          .isInstanceOf(IllegalStateException.class)
          .hasCauseInstanceOf(Error.class);
    } else {
      assertThat(told.get()).isNotNull();
    }
    assertThat(
            Bounded.get(
                database.query("SELECT id FROM item").mapTo(Long.class).all().collectList()))
        .containsExactly(1L, 2L);
    assertThat(Bounded.<Integer>get(database.write(session -> 1))).isOne();
  }

  @ParameterizedTest
  @EnumSource(Thrown.class)
  void operatorOfTheWorkThatThrowsEndsTheTransaction(Thrown thrown) {
    Throwable error =
        Bounded.start(
                database.withTransaction(
                    tx ->
                        insert(tx, 1)
                            .then(
                                tx.withSavepoint(inner -> insert(inner, 2).map(thrown::raiseAt)))))
            .error();

    assertThat(error).isNotNull();
    assertThat(Bounded.get(database.query("SELECT count(*) FROM item").mapTo(Long.class).one()))
        .isZero();
    assertThat(Bounded.<Integer>get(database.write(session -> 1))).isOne();
  }

  private static boolean isError(Thrown thrown) {
    return switch (thrown) {
      case ASSERTION, STACK_OVERFLOW, OUT_OF_MEMORY, MISSING_CLASS, BROKEN_MACHINE -> true;
      default -> false;
    };
  }

  private static Mono<Long> insert(Transaction tx, long id) {
    return tx.update("INSERT INTO item VALUES (?)").bind(1, id).rowsUpdated();
  }
}
