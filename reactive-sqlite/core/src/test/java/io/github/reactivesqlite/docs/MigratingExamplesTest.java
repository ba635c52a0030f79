package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.WriteSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The code of docs/migrating.md. */
class MigratingExamplesTest extends ExampleDatabase {

  @BeforeEach
  void schema() {
    run(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL);"
            + " CREATE TABLE stock (item TEXT PRIMARY KEY, amount INTEGER NOT NULL);"
            + " INSERT INTO stock VALUES ('lamp', 3)");
  }

  @Test
  void jdbcTransactionBecomesAWriteUnit() {
    // region: migrating-write-unit
    Mono<Long> ordered =
        db.write(
            session -> {
              long id = insertOrder(session, "ann");
              takeFromStock(session, "lamp");
              return id;
            });
    // endregion
    assertThat(ordered.block(WAIT)).isEqualTo(1);
    assertThat(number("SELECT amount FROM stock")).isEqualTo(2);
  }

  // region: migrating-session
  private static long insertOrder(WriteSession session, String customer) {
    return session
        .update("INSERT INTO orders (customer) VALUES (:customer) RETURNING id")
        .bind("customer", customer)
        .returning(Long.class)
        .one()
        .orElseThrow();
  }

  private static void takeFromStock(WriteSession session, String item) {
    long taken =
        session
            .update("UPDATE stock SET amount = amount - 1 WHERE item = :item AND amount > 0")
            .bind("item", item)
            .execute();
    if (taken == 0) {
      throw new IllegalStateException("Out of stock");
    }
  }
  // endregion
}
