package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Transactions that are cancelled at any moment, by another thread. */
class CancelStormTest {

  private static final int TRANSACTIONS = 600;
  private static final Duration WAIT = Duration.ofSeconds(60);

  /** One that was left open would hold the writer for the ten minutes of its timeout. */
  private static final Duration AT_ONCE = Duration.ofSeconds(30);

  @TempDir private Path dir;
  private SqliteDatabase raw;
  private ReactiveDatabase db;
  private SqliteTransactionManager manager;

  @BeforeEach
  void open() {
    raw =
        SqliteDatabase.builder(dir.resolve("test.db"))
            .config(TransactionFixture.patient(SqliteConfig.ofDefaults()))
            .build();
    db = TransactionAwareDatabase.of(raw);
    manager = new SqliteTransactionManager(raw);
    raw.script("CREATE TABLE pair (transfer INTEGER, half INTEGER)").block(WAIT);
  }

  @AfterEach
  void close() {
    raw.close();
  }

  private Mono<Long> half(int transfer, int half) {
    return db.update("INSERT INTO pair VALUES (?, ?)")
        .bind(1, transfer)
        .bind(2, half)
        .rowsUpdated();
  }

  private Mono<Long> count() {
    return db.query("SELECT count(*) FROM pair").mapTo(Long.class).one();
  }

  private TransactionalOperator operator(boolean readOnly) {
    DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
    definition.setReadOnly(readOnly);
    return TransactionalOperator.create(manager, definition);
  }

  @Test
  void cancelledTransactionsLeaveNoHalvesAndHoldNothing() {
    long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    TransactionalOperator writing = operator(false);
    TransactionalOperator reading = operator(true);

    Flux.range(1, TRANSACTIONS)
        .map(
            n -> {
              boolean read = random.nextInt(4) == 0;
              Mono<Long> work =
                  read
                      ? count().then(count()).as(reading::transactional)
                      : half(n, 1).then(half(n, 2)).as(writing::transactional);
              Duration moment = Duration.ofNanos(random.nextInt(3_000_000));
              return work.timeout(moment, Mono.just(-1L));
            })
        .flatMap(work -> work, 8)
        .count()
        .block(WAIT);

    assertThat(raw.write(session -> 1).block(AT_ONCE)).as("seed %d", seed).isEqualTo(1);
    Long halves =
        raw.query(
                "SELECT count(*) FROM (SELECT transfer FROM pair GROUP BY transfer HAVING count(*)"
                    + " <> 2)")
            .mapTo(Long.class)
            .one()
            .block(WAIT);
    assertThat(halves).as("seed %d", seed).isZero();
    assertThat(
            Mono.fromSupplier(() -> raw.stats().reads().active())
                .filter(active -> active == 0)
                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(2)))
                .block(AT_ONCE))
        .as("seed %d", seed)
        .isZero();
  }
}
