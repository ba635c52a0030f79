package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ChangeSet;
import io.github.reactivesqlite.OperationOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The code of docs/live-queries.md; its controller is tested in the demo. */
class LiveQueriesExamplesTest extends ExampleDatabase {

  record Book(long id, String title) {}

  @BeforeEach
  void schema() {
    run("CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL)");
    run("CREATE TABLE author (id INTEGER PRIMARY KEY); CREATE TABLE import_finished (at)");
  }

  private void add(String title) {
    db.update("INSERT INTO book (title) VALUES (?)").bind(1, title).rowsUpdated().block(WAIT);
  }

  @Test
  void answerStaysCurrent() {
    // region: live-answer
    Flux<List<Book>> newest =
        db.query("SELECT id, title FROM book ORDER BY id DESC LIMIT 10").mapTo(Book.class).live();
    // endregion
    StepVerifier.create(newest)
        .expectNext(List.of())
        .then(() -> add("Emma"))
        .expectNext(List.of(new Book(1, "Emma")))
        .thenCancel()
        .verify(WAIT);
  }

  @Test
  void changesAsStream() {
    // region: live-changes
    Flux<ChangeSet> changes = db.changes("book", "author");
    // endregion
    StepVerifier.create(changes)
        .then(() -> add("Emma"))
        .expectNext(new ChangeSet(Set.of("book"), false))
        .thenCancel()
        .verify(WAIT);
  }

  @Test
  void lessOften() {
    // region: live-interval
    Flux<List<Book>> atMostTwiceASecond =
        db.with(OperationOptions.none().liveInterval(Duration.ofMillis(500)))
            .query("SELECT id, title FROM book ORDER BY id DESC LIMIT 10")
            .mapTo(Book.class)
            .live();
    // endregion
    StepVerifier.create(atMostTwiceASecond.map(List::size))
        .expectNext(0)
        .then(
            () -> {
              add("Emma");
              add("Walden");
            })
        // The first answer may come between the two writes
        .thenConsumeWhile(size -> size < 2)
        .expectNext(2)
        .thenCancel()
        .verify(WAIT);
  }

  @Test
  void otherTables() {
    // region: live-tables
    Flux<List<Long>> books =
        db.query("SELECT count(*) FROM book").mapTo(Long.class).live("import_finished");
    // endregion
    StepVerifier.create(books)
        .expectNext(List.of(0L))
        .then(
            () -> {
              add("Emma");
              run("INSERT INTO import_finished VALUES (1)");
            })
        .expectNext(List.of(1L))
        .thenCancel()
        .verify(WAIT);
    assertThat(number("SELECT count(*) FROM book")).isEqualTo(1);
  }
}
