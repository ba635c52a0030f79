package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.DatabaseStats;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/troubleshooting.md. */
class TroubleshootingExamplesTest extends ExampleDatabase {

  @BeforeEach
  void schema() {
    run(
        "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);"
            + " INSERT INTO account VALUES (1, 1000)");
  }

  @Test
  void busyTimeoutDoesNotHelpAgainstAnUpgrade() throws SQLException {
    db.close(); // plain JDBC alone, as in any other application
    String url = "jdbc:sqlite:" + file;
    // region: troubleshooting-upgrade
    try (Connection mine = DriverManager.getConnection(url);
        Connection other = DriverManager.getConnection(url);
        Statement my = mine.createStatement();
        Statement others = other.createStatement()) {
      my.execute("PRAGMA busy_timeout = 5000");
      mine.setAutoCommit(false); // BEGIN, that is BEGIN DEFERRED

      my.executeQuery("SELECT balance FROM account WHERE id = 1").next(); // a snapshot begins
      others.execute("UPDATE account SET balance = balance - 10"); // somebody else commits

      long begun = System.nanoTime();
      assertThatThrownBy(() -> my.execute("UPDATE account SET balance = balance - 50"))
          .isInstanceOfSatisfying(
              SQLiteException.class,
              refused ->
                  assertThat(refused.getResultCode())
                      .isEqualTo(SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT));
      // At once: five seconds of busy_timeout were not used, because waiting cannot help.
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }
    // endregion
  }

  @Test
  void theSameReadThenWriteHereSucceeds() {
    // region: troubleshooting-no-upgrade
    Mono<Long> withdrawn =
        db.write(
            session -> {
              long balance =
                  session
                      .query("SELECT balance FROM account WHERE id = 1")
                      .mapTo(Long.class)
                      .one()
                      .orElseThrow();
              return session
                  .update("UPDATE account SET balance = :balance WHERE id = 1")
                  .bind("balance", balance - 5)
                  .execute();
            });
    Flux.range(0, 200).flatMap(n -> withdrawn, 64).blockLast(Duration.ofSeconds(30));
    // endregion
    assertThat(number("SELECT balance FROM account WHERE id = 1")).isZero();
  }

  @Test
  void figures() {
    // region: troubleshooting-stats
    DatabaseStats stats = db.stats();
    long waiting = stats.writes().queuedInteractive() + stats.writes().queuedBulk();
    Duration longestLockWait = stats.lock().maxWait();
    double lockFailures = stats.lock().failureRate();
    // endregion
    assertThat(waiting).isZero();
    assertThat(longestLockWait).isZero();
    assertThat(lockFailures).isZero();
  }
}
