package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/transactions.md. */
class TransactionsExamplesTest extends ExampleDatabase {

  private record Totals(long accounts, long balance) {}

  @BeforeEach
  void schema() {
    run(
        "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >="
            + " 0));"
            + " INSERT INTO account VALUES (1, 100), (2, 0);"
            + " CREATE TABLE entry (text TEXT NOT NULL)");
  }

  @Test
  void writeUnit() {
    long amount = 30;
    // region: transactions-write-unit
    Mono<Long> left =
        db.write(
            session -> {
              session
                  .update("UPDATE account SET balance = balance - :amount WHERE id = 1")
                  .bind("amount", amount)
                  .execute();
              session
                  .update("UPDATE account SET balance = balance + :amount WHERE id = 2")
                  .bind("amount", amount)
                  .execute();
              return session
                  .query("SELECT balance FROM account WHERE id = 1")
                  .mapTo(Long.class)
                  .one()
                  .orElseThrow();
            });
    // endregion
    assertThat(left.block(WAIT)).isEqualTo(70);
    assertThat(number("SELECT sum(balance) FROM account")).isEqualTo(100);
  }

  @Test
  void failedWriteUnitLeavesNothing() {
    Mono<Long> tooMuch =
        db.write(
            session -> {
              session.update("UPDATE account SET balance = balance + 500 WHERE id = 2").execute();
              return session
                  .update("UPDATE account SET balance = balance - 500 WHERE id = 1")
                  .execute();
            });
    assertThatThrownBy(() -> tooMuch.block(WAIT)).isInstanceOf(ConstraintViolationException.class);
    assertThat(number("SELECT balance FROM account WHERE id = 2")).isZero();
  }

  @Test
  void interactive() {
    // region: transactions-interactive
    Mono<Long> withdrawn =
        db.withTransaction(
            tx ->
                tx.query("SELECT balance FROM account WHERE id = 1")
                    .mapTo(Long.class)
                    .one()
                    .filter(balance -> balance >= 50)
                    .flatMap(
                        balance ->
                            tx.update("UPDATE account SET balance = balance - 50 WHERE id = 1")
                                .rowsUpdated()));
    // endregion
    assertThat(withdrawn.block(WAIT)).isEqualTo(1);
    assertThat(withdrawn.block(WAIT)).isEqualTo(1);
    assertThat(withdrawn.block(WAIT)).isNull();
    assertThat(number("SELECT balance FROM account WHERE id = 1")).isZero();
  }

  @Test
  void writeThroughTheDatabaseInsideFailsAtOnce() {
    Mono<Long> refused =
        db.withTransaction(tx -> db.update("UPDATE account SET balance = 0").rowsUpdated());
    assertThatThrownBy(() -> refused.block(WAIT)).isInstanceOf(IllegalStateException.class);
    assertThat(number("SELECT balance FROM account WHERE id = 1")).isEqualTo(100);
  }

  @Test
  void savepoint() {
    // region: transactions-savepoint
    Mono<Void> imported =
        db.withTransaction(
            tx ->
                tx.update("INSERT INTO entry (text) VALUES ('header')")
                    .rowsUpdated()
                    .then(
                        tx.withSavepoint(
                                inner ->
                                    inner
                                        .update("INSERT INTO entry (text) VALUES (NULL)")
                                        .rowsUpdated())
                            .onErrorResume(
                                ConstraintViolationException.class, refused -> Mono.empty()))
                    .then());
    // endregion
    imported.block(WAIT);
    assertThat(number("SELECT count(*) FROM entry")).isEqualTo(1);
  }

  @Test
  void begin() {
    // region: transactions-begin
    Mono<Long> updated =
        Mono.usingWhen(
            db.begin(new TransactionOptions("close-month", Duration.ofSeconds(2))),
            tx -> tx.update("UPDATE account SET balance = balance + 1").rowsUpdated(),
            Transaction::commit,
            (tx, error) -> tx.rollback(),
            Transaction::rollback);
    // endregion
    assertThat(updated.block(WAIT)).isEqualTo(2);
    assertThat(number("SELECT sum(balance) FROM account")).isEqualTo(102);
  }

  @Test
  void timeouts() {
    // region: transactions-timeouts
    ReactiveDatabase yearEnd =
        db.with(
            OperationOptions.labelled("year-end")
                .transactionTimeout(Duration.ofSeconds(20))
                .executionTimeout(Duration.ofSeconds(15)));
    // endregion
    assertThat(yearEnd.update("UPDATE account SET balance = 5").rowsUpdated().block(WAIT))
        .isEqualTo(2);
    Mono<Object> slow =
        db.with(OperationOptions.none().transactionTimeout(Duration.ofMillis(50)))
            .withTransaction(
                tx -> tx.update("DELETE FROM account").rowsUpdated().then(Mono.never()));
    assertThatThrownBy(() -> slow.block(WAIT)).isInstanceOf(TransactionTimeoutException.class);
    assertThat(number("SELECT count(*) FROM account")).isEqualTo(2);
  }

  @Test
  void snapshot() {
    // region: transactions-snapshot
    Mono<Totals> totals =
        db.withSnapshot(
            snapshot ->
                Mono.zip(
                    snapshot.query("SELECT count(*) FROM account").mapTo(Long.class).one(),
                    snapshot.query("SELECT sum(balance) FROM account").mapTo(Long.class).one(),
                    Totals::new));
    // endregion
    assertThat(totals.block(WAIT)).isEqualTo(new Totals(2, 100));
  }

  @Test
  void snapshotOfMany() {
    // region: transactions-snapshot-many
    Flux<String> report =
        db.withSnapshotMany(
            snapshot ->
                Flux.concat(
                    snapshot
                        .query("SELECT 'accounts: ' || count(*) FROM account")
                        .mapTo(String.class)
                        .one(),
                    snapshot
                        .query("SELECT id || ': ' || balance FROM account ORDER BY id")
                        .mapTo(String.class)
                        .all()));
    // endregion
    assertThat(report.collectList().block(WAIT)).containsExactly("accounts: 2", "1: 100", "2: 0");
  }

  @Test
  void readUnit() {
    // region: transactions-read-unit
    Mono<Totals> totals =
        db.read(
            session -> {
              long accounts =
                  session
                      .query("SELECT count(*) FROM account")
                      .mapTo(Long.class)
                      .one()
                      .orElseThrow();
              long balance =
                  session
                      .query("SELECT sum(balance) FROM account")
                      .mapTo(Long.class)
                      .one()
                      .orElseThrow();
              return new Totals(accounts, balance);
            });
    // endregion
    assertThat(totals.block(WAIT)).isEqualTo(new Totals(2, 100));
  }
}
