package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** A database, its view and its manager; and the proof that nothing stays open. */
abstract class TransactionFixture {

  static final Duration WAIT = Duration.ofSeconds(20);

  /** Well below every timeout of the database: who waits for himself would exceed it. */
  static final Duration AT_ONCE = Duration.ofSeconds(30);

  private static final Duration LONG = Duration.ofMinutes(10);

  static final String ENDLESS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

  @TempDir Path dir;
  SqliteDatabase raw;
  ReactiveDatabase db;
  SqliteTransactionManager manager;

  @BeforeEach
  void open() {
    open(dir.resolve("test.db"), SqliteConfig.ofDefaults());
  }

  /** Another one instead. */
  final void reopen(Path file, SqliteConfig config) {
    raw.close();
    open(file, config);
  }

  private void open(Path file, SqliteConfig config) {
    raw = SqliteDatabase.builder(file).config(patient(config)).build();
    db = TransactionAwareDatabase.of(raw);
    manager = new SqliteTransactionManager(raw);
    raw.script("CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL)").block(WAIT);
  }

  /** So that no timeout helps those who wait for themselves, and none hits a slow machine. */
  static SqliteConfig patient(SqliteConfig config) {
    return config.toBuilder()
        .acquireTimeout(LONG)
        .executionTimeout(LONG)
        .transactionTimeout(LONG)
        .build();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    // A transaction that was left open would hold this up until its timeout
    assertThat(raw.write(session -> 1).block(AT_ONCE)).isEqualTo(1);
    assertThat(readersInUse(0)).isZero();
    raw.close();
  }

  /** Waits until there are so many. */
  final int readersInUse(int expected) {
    return Objects.requireNonNull(
        Mono.fromSupplier(() -> raw.stats().reads().active())
            .filter(active -> active == expected)
            .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(2)))
            .block(WAIT));
  }

  final TransactionalOperator transaction(UnaryOperator<DefaultTransactionDefinition> options) {
    return TransactionalOperator.create(manager, options.apply(new DefaultTransactionDefinition()));
  }

  final TransactionalOperator transaction() {
    return transaction(options -> options);
  }

  final TransactionalOperator readOnly() {
    return transaction(
        options -> {
          options.setReadOnly(true);
          return options;
        });
  }

  final TransactionalOperator propagation(int propagation, boolean readOnly) {
    return transaction(
        options -> {
          options.setPropagationBehavior(propagation);
          options.setReadOnly(readOnly);
          return options;
        });
  }

  final TransactionalOperator nested() {
    return propagation(TransactionDefinition.PROPAGATION_NESTED, false);
  }

  final TransactionalOperator requiresNew() {
    return propagation(TransactionDefinition.PROPAGATION_REQUIRES_NEW, false);
  }

  final Mono<Long> insert(long id) {
    return db.update("INSERT INTO book (id, title) VALUES (:id, :title)")
        .bind("id", id)
        .bind("title", "Book " + id)
        .rowsUpdated();
  }

  final Mono<Long> count() {
    return db.query("SELECT count(*) FROM book").mapTo(Long.class).one();
  }

  final List<Long> committed() {
    return Objects.requireNonNull(
        raw.query("SELECT id FROM book ORDER BY id")
            .mapTo(Long.class)
            .all()
            .collectList()
            .block(WAIT));
  }

  static Throwable errorOf(Mono<?> mono) {
    return Exceptions.unwrap(catchThrowable(() -> mono.block(AT_ONCE)));
  }
}
