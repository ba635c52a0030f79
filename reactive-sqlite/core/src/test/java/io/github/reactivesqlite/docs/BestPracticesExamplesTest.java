package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.WriteSession;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/best-practices.md. */
class BestPracticesExamplesTest extends ExampleDatabase {

  private record Note(long id, String text) {}

  @BeforeEach
  void schema() {
    run(
        "CREATE TABLE host (name TEXT PRIMARY KEY, hits INTEGER NOT NULL);"
            + " CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
            + " INSERT INTO note (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
            + " FROM n WHERE i < 1200) SELECT 'note ' || i FROM n");
  }

  @Test
  void countersAreChangedInTheStatement() {
    // region: best-practices-increment
    Mono<Long> counted =
        db.update(
                "INSERT INTO host (name, hits) VALUES (:name, 1)"
                    + " ON CONFLICT (name) DO UPDATE SET hits = hits + 1")
            .bind("name", "example.org")
            .rowsUpdated();
    // endregion
    Flux.range(0, 500).flatMap(n -> counted, 64).blockLast(WAIT);
    assertThat(number("SELECT hits FROM host")).isEqualTo(500);
  }

  @Test
  void slowWorkStaysOutside() {
    Mono<String> download = Mono.just("text");
    // region: best-practices-slow-work
    Mono<Long> saved =
        download // takes seconds, and no write waits for it
            .flatMap(text -> db.write(session -> save(session, text)));
    // endregion
    assertThat(saved.block(WAIT)).isEqualTo(1);
  }

  private static long save(WriteSession session, String text) {
    return session.update("INSERT INTO note (text) VALUES (:text)").bind("text", text).execute();
  }

  @Test
  void pagesByKey() {
    Flux<Note> notes = pages(0).flatMapIterable(page -> page);
    assertThat(notes.count().block(WAIT)).isEqualTo(1_200);
  }

  // region: best-practices-paging
  private Flux<List<Note>> pages(long after) {
    return page(after)
        .expand(page -> page.isEmpty() ? Mono.empty() : page(page.get(page.size() - 1).id()))
        .filter(page -> !page.isEmpty());
  }

  private Mono<List<Note>> page(long after) {
    return db.query("SELECT id, text FROM note WHERE id > :after ORDER BY id LIMIT 500")
        .bind("after", after)
        .mapTo(Note.class)
        .all()
        .collectList();
  }
  // endregion
}
