package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/concurrency.md. */
class ConcurrencyExamplesTest extends ExampleDatabase {

  @BeforeEach
  void schema() {
    run("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  }

  @Test
  void readAfterAcknowledgedWriteSeesIt() {
    // region: concurrency-read-your-writes
    Mono<Long> notes =
        db.update("INSERT INTO note (text) VALUES (:text)")
            .bind("text", "first")
            .rowsUpdated()
            .then(db.query("SELECT count(*) FROM note").mapTo(Long.class).one());
    // endregion
    assertThat(notes.block(WAIT)).isEqualTo(1);
    assertThat(notes.block(WAIT)).isEqualTo(2);
  }

  @Test
  void composedWritesKeepTheirOrder() {
    List<String> texts = List.of("one", "two", "three");
    // region: concurrency-order
    Mono<Void> inOrder =
        Flux.fromIterable(texts)
            .concatMap(
                text ->
                    db.update("INSERT INTO note (text) VALUES (:text)")
                        .bind("text", text)
                        .rowsUpdated())
            .then();
    // endregion
    inOrder.block(WAIT);
    assertThat(
            db.query("SELECT text FROM note ORDER BY id")
                .mapTo(String.class)
                .all()
                .collectList()
                .block(WAIT))
        .containsExactly("one", "two", "three");
  }

  @Test
  void groupCommitIsVisibleInTheFigures() {
    // region: concurrency-group-commit
    DatabaseStats before = db.stats();
    Flux.range(0, 1_000)
        .flatMap(
            n ->
                db.update("INSERT INTO note (text) VALUES (:text)")
                    .bind("text", "note " + n)
                    .rowsUpdated(),
            256)
        .blockLast(Duration.ofSeconds(30));

    DatabaseStats.WriteStats writes = db.stats().since(before).writes();
    assertThat(writes.committedUnits()).isEqualTo(1_000);
    assertThat(writes.commits()).isLessThan(1_000);
    // endregion
  }
}
