package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.TransientDatabaseException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/pipelines.md. */
class PipelinesExamplesTest extends ExampleDatabase {

  private record Page(long episodes, String latest) {}

  @BeforeEach
  void schema() {
    run(
        "CREATE TABLE episode (id INTEGER PRIMARY KEY, title TEXT NOT NULL, transcript TEXT);"
            + " INSERT INTO episode (title) VALUES ('one'), ('two'), ('three');"
            + " CREATE TABLE heartbeat (worker TEXT PRIMARY KEY, beats INTEGER NOT NULL)");
  }

  private Mono<String> transcribe(String title) {
    return Mono.delay(Duration.ofMillis(5)).map(tick -> "text of " + title);
  }

  @Test
  void zip() {
    // region: pipelines-zip
    Mono<Page> page =
        Mono.zip(
            db.query("SELECT count(*) FROM episode").mapTo(Long.class).one(),
            db.query("SELECT title FROM episode ORDER BY id DESC").mapTo(String.class).first(),
            Page::new);
    // endregion
    assertThat(page.block(WAIT)).isEqualTo(new Page(3, "three"));
  }

  @Test
  void flatMapWithBoundedConcurrency() {
    // region: pipelines-flatmap
    record Episode(long id, String title) {}

    Mono<Void> transcribed =
        db.query("SELECT id, title FROM episode WHERE transcript IS NULL")
            .mapTo(Episode.class)
            .all()
            .collectList() // the reader is free again before the slow calls begin
            .flatMapIterable(episodes -> episodes)
            .flatMap(
                episode ->
                    transcribe(episode.title()) // the slow call holds no connection
                        .flatMap(
                            text ->
                                db.update("UPDATE episode SET transcript = :text WHERE id = :id")
                                    .bind("text", text)
                                    .bind("id", episode.id())
                                    .rowsUpdated()),
                16) // at most 16 episodes in flight
            .then();
    // endregion
    transcribed.block(WAIT);
    assertThat(number("SELECT count(*) FROM episode WHERE transcript LIKE 'text of %'"))
        .isEqualTo(3);
  }

  @Test
  void retry() {
    AtomicInteger subscriptions = new AtomicInteger();
    Mono<Long> save =
        Mono.defer(
            () ->
                subscriptions.incrementAndGet() < 3
                    ? Mono.error(
                        new AcquireTimeoutException("no turn", ErrorDetails.NONE, Duration.ZERO))
                    : db.update("INSERT INTO episode (title) VALUES ('four')").rowsUpdated());
    // region: pipelines-retry
    RetryPolicy policy = RetryPolicy.retryBackoff(5, Duration.ofMillis(100), Duration.ofSeconds(2));

    Mono<Long> saved = save.retryWhen(policy.onTransient());
    // endregion
    assertThat(saved.block(WAIT)).isEqualTo(1);
    assertThat(subscriptions).hasValue(3);
    Mono<Long> conflict =
        db.update("INSERT INTO episode (id, title) VALUES (1, 'again')")
            .rowsUpdated()
            .retryWhen(policy.onTransient());
    assertThatThrownBy(() -> conflict.block(WAIT))
        .isNotInstanceOf(TransientDatabaseException.class);
  }

  @Test
  void timeout() {
    // region: pipelines-timeout
    Mono<String> title =
        db.query("SELECT title FROM episode WHERE id = :id")
            .bind("id", 1)
            .mapTo(String.class)
            .one()
            .timeout(Duration.ofSeconds(10)); // cancels: a queued read leaves, a running one stops
    // endregion
    assertThat(title.block(WAIT)).isEqualTo("one");
  }

  @Test
  void acknowledgements() {
    Flux<String> beats = Flux.just("a", "b", "a", "a");
    // region: pipelines-batching
    Flux<BatchResult> stored =
        db.batch(
                "INSERT INTO heartbeat (worker, beats) VALUES (:worker, 1)"
                    + " ON CONFLICT (worker) DO UPDATE SET beats = beats + 1")
            .chunkSize(500)
            .maxDelay(Duration.ofMillis(50))
            .execute(beats, (row, worker) -> row.bind("worker", worker));
    // endregion
    stored.blockLast(WAIT);
    assertThat(number("SELECT beats FROM heartbeat WHERE worker = 'a'")).isEqualTo(3);
  }

  @Test
  void blockingCaller() {
    // region: pipelines-blocking
    String title =
        db.query("SELECT title FROM episode WHERE id = :id")
            .bind("id", 2)
            .mapTo(String.class)
            .one()
            .block(Duration.ofSeconds(30));
    // endregion
    assertThat(title).isEqualTo("two");
  }
}
