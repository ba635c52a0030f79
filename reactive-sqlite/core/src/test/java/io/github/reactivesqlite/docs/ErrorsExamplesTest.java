package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.ConstraintViolationException.Kind;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.TransientDatabaseException;
import io.github.reactivesqlite.error.WriteQueueFullException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The code of docs/errors.md. */
class ErrorsExamplesTest extends ExampleDatabase {

  @BeforeEach
  void schema() {
    run(
        "CREATE TABLE request (key TEXT PRIMARY KEY, at TEXT NOT NULL);"
            + " CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT UNIQUE, balance INTEGER NOT"
            + " NULL);"
            + " INSERT INTO account VALUES (1, 'ann', 100)");
  }

  private static Mono<String> answer(Mono<Long> save) {
    // region: errors-handling
    Mono<String> answer =
        save.thenReturn("created")
            .onErrorResume(
                ConstraintViolationException.class,
                refused ->
                    refused.kind() == Kind.UNIQUE
                        ? Mono.just("exists already")
                        : Mono.error(refused))
            .onErrorResume(TransientDatabaseException.class, busy -> Mono.just("try again later"));
    // endregion
    return answer;
  }

  @Test
  void handling() {
    Mono<Long> save =
        db.update("INSERT INTO account (name, balance) VALUES ('bob', 0)").rowsUpdated();
    assertThat(answer(save).block(WAIT)).isEqualTo("created");
    assertThat(answer(save).block(WAIT)).isEqualTo("exists already");
    Mono<Long> full =
        Mono.error(new WriteQueueFullException("full", ErrorDetails.NONE, 10_000, 10_000));
    assertThat(answer(full).block(WAIT)).isEqualTo("try again later");
  }

  // region: errors-idempotency
  private Mono<Boolean> charge(UUID key, long account, long amount) {
    return db.write(
        session -> {
          long added =
              session
                  .update(
                      "INSERT INTO request (key, at) VALUES (:key, :at)"
                          + " ON CONFLICT (key) DO NOTHING")
                  .bind("key", key)
                  .bind("at", Instant.now())
                  .execute();
          if (added == 1) {
            session
                .update("UPDATE account SET balance = balance - :amount WHERE id = :id")
                .bind("amount", amount)
                .bind("id", account)
                .execute();
          }
          return added == 1; // false: this request was carried out before
        });
  }

  // endregion

  @Test
  void idempotency() {
    AtomicInteger answersLost = new AtomicInteger();
    UUID key = UUID.randomUUID();
    Mono<Boolean> charged =
        charge(key, 1, 30)
            .flatMap(
                first ->
                    answersLost.getAndIncrement() == 0
                        ? Mono.error(new CommitOutcomeUnknownException("lost", ErrorDetails.NONE))
                        : Mono.just(first));
    // region: errors-idempotent-retry
    Mono<Boolean> settled =
        charged.retryWhen(
            Retry.backoff(3, Duration.ofMillis(200))
                .filter(CommitOutcomeUnknownException.class::isInstance));
    // endregion
    assertThat(settled.block(WAIT)).isFalse();
    assertThat(number("SELECT balance FROM account WHERE id = 1")).isEqualTo(70);
  }
}
