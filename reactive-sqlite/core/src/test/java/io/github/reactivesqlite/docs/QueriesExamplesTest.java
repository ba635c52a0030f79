package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.RowMappingException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/queries.md. */
class QueriesExamplesTest extends ExampleDatabase {

  @BeforeEach
  void schema() {
    run(
        "CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL, published_on TEXT, price"
            + " TEXT);"
            + " INSERT INTO book VALUES (1, 'Emma', '1815-12-23', '9.90');"
            + " INSERT INTO book VALUES (2, 'Walden', '1854-08-09', '12.00');"
            + " INSERT INTO book VALUES (3, 'Untitled', NULL, NULL)");
  }

  @Test
  void named() {
    // region: queries-named
    Mono<String> title =
        db.query("SELECT title FROM book WHERE published_on < :before ORDER BY published_on")
            .bind("before", LocalDate.of(1850, 1, 1))
            .mapTo(String.class)
            .first();
    // endregion
    assertThat(title.block(WAIT)).isEqualTo("Emma");
  }

  @Test
  void positional() {
    // region: queries-positional
    Mono<String> title =
        db.query("SELECT title FROM book WHERE id = ?1 OR title = ?2")
            .bind(1, 2L)
            .bind(2, "Walden")
            .mapTo(String.class)
            .one();
    // endregion
    assertThat(title.block(WAIT)).isEqualTo("Walden");
  }

  @Test
  void collection() {
    // region: queries-in
    Flux<String> titles =
        db.query("SELECT title FROM book WHERE id IN (:ids) ORDER BY id")
            .bind("ids", List.of(1, 2, 99))
            .mapTo(String.class)
            .all();
    // endregion
    assertThat(titles.collectList().block(WAIT)).containsExactly("Emma", "Walden");
    assertThat(
            db.query("SELECT title FROM book WHERE id IN (:ids)")
                .bind("ids", List.of())
                .mapTo(String.class)
                .all()
                .collectList()
                .block(WAIT))
        .isEmpty();
  }

  @Test
  void missingBindIsRefusedBeforeAnythingRan() {
    Mono<String> title =
        db.query("SELECT title FROM book WHERE id = :id").mapTo(String.class).one();
    assertThatThrownBy(() -> title.block(WAIT)).isInstanceOf(InvalidSqlException.class);
    assertThatThrownBy(() -> db.query("SELECT 1; SELECT 2"))
        .isInstanceOf(InvalidSqlException.class);
    assertThatThrownBy(() -> db.query("SELECT :id").bind("nr", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void records() {
    // region: queries-record
    record Book(long id, String title, LocalDate publishedOn) {}

    Mono<Book> book =
        db.query("SELECT id, title, published_on FROM book WHERE id = :id")
            .bind("id", 1)
            .mapTo(Book.class)
            .one();
    // endregion
    assertThat(book.block(WAIT)).isEqualTo(new Book(1, "Emma", LocalDate.of(1815, 12, 23)));
  }

  @Test
  void ownMapper() {
    // region: queries-mapper
    Flux<String> lines =
        db.query("SELECT title, published_on FROM book ORDER BY id")
            .map(
                row -> {
                  LocalDate published = row.get("published_on", LocalDate.class);
                  String year = published == null ? "undated" : "" + published.getYear();
                  return row.getString("title") + ", " + year;
                })
            .all();
    // endregion
    assertThat(lines.collectList().block(WAIT))
        .containsExactly("Emma, 1815", "Walden, 1854", "Untitled, undated");
  }

  @Test
  void nullScalar() {
    Flux<String> prices = db.query("SELECT price FROM book").mapTo(String.class).all();
    assertThatThrownBy(() -> prices.collectList().block(WAIT))
        .isInstanceOf(RowMappingException.class)
        .hasMessageContaining("COALESCE");
    // region: queries-null
    Flux<String> known =
        db.query("SELECT COALESCE(price, '') FROM book ORDER BY id").mapTo(String.class).all();
    // endregion
    assertThat(known.collectList().block(WAIT)).containsExactly("9.90", "12.00", "");
    assertThat(
            db.query("SELECT price FROM book WHERE id = 3").mapTo(String.class).one().block(WAIT))
        .isNull();
  }

  @Test
  void streaming() {
    run(
        "INSERT INTO book (title) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            + " WHERE i < 5000) SELECT 'Book ' || i FROM n");
    // region: queries-stream
    Flux<String> export =
        db.query("SELECT title FROM book ORDER BY id")
            .mapTo(String.class)
            .all()
            .limitRate(100) // rows are read as this demand asks for them
            .take(1_000); // cancels the statement after the thousandth row
    // endregion
    assertThat(export.count().block(WAIT)).isEqualTo(1_000);
  }

  @Test
  void returning() {
    // region: queries-returning
    Mono<Long> id =
        db.update("INSERT INTO book (title) VALUES (:title) RETURNING id")
            .bind("title", "Middlemarch")
            .returning(Long.class)
            .one();
    // endregion
    assertThat(id.block(WAIT)).isEqualTo(4);
    assertThat(number("SELECT count(*) FROM book")).isEqualTo(4);
  }

  @Test
  void instantsSortAsText() {
    run("CREATE TABLE event (at TEXT)");
    Instant late = Instant.parse("2026-01-31T08:05:00.5Z");
    Instant early = Instant.parse("2026-01-31T08:05:00Z");
    for (Instant at : List.of(late, early)) {
      db.update("INSERT INTO event VALUES (:at)").bind("at", at).rowsUpdated().block(WAIT);
    }
    assertThat(
            db.query("SELECT at FROM event ORDER BY at")
                .mapTo(Instant.class)
                .all()
                .collectList()
                .block(WAIT))
        .containsExactly(early, late);
  }
}
