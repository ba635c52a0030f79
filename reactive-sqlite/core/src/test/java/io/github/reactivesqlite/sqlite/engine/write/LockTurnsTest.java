package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.ConnectionFactory;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.Role;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Virtual time, and a real file for the question whether somebody else has written. */
class LockTurnsTest {

  private static final Duration TURN = LockTurns.TURN;
  private static final Duration CHANCE = LockTurns.CHANCE;

  @TempDir Path directory;

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final EngineTimer timer = EngineTimer.of(time);
  private final AtomicInteger resumed = new AtomicInteger();
  private EngineConnection connection;
  private LockTurns turns;

  @BeforeEach
  void open() throws IOException {
    Path file = Files.createFile(directory.resolve("turns.db"));
    connection =
        EngineConnection.open(
            new ConnectionFactory(file, SqliteConfig.ofDefaults()), Role.WRITER, 8, "turns");
    connection.run("CREATE TABLE t (i)");
    turns = new LockTurns(() -> connection, timer, resumed::incrementAndGet);
  }

  @AfterEach
  void close() {
    connection.close();
    time.dispose();
  }

  @Test
  void nobodyIsGivenAChanceWithoutCompetition() {
    hold(Duration.ofSeconds(10));

    assertThat(isTurnOfOthers()).isFalse();
  }

  @Test
  void aTurnEndsAfterItsTimeOverSeveralTransactions() {
    turns.competed(now());
    hold(TURN.dividedBy(2));
    assertThat(isTurnOfOthers()).isFalse();
    hold(TURN.dividedBy(2));

    assertThat(isTurnOfOthers()).isTrue();
  }

  @Test
  void theChanceIsAsLongAsTheLongestPauseBetweenTwoPolls() {
    turns.competed(now());
    hold(TURN);
    assertThat(isTurnOfOthers()).isTrue();

    time.advanceTimeBy(CHANCE.minusMillis(1));
    assertThat(isTurnOfOthers()).isTrue();
    assertThat(resumed.get()).isZero();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(isTurnOfOthers()).isFalse();
    assertThat(resumed.get()).isEqualTo(1);
  }

  @Test
  void aLockThatIsMostlyFreeNeedsNoChance() {
    turns.competed(now());
    for (int transaction = 0; transaction < 40; transaction++) {
      hold(Duration.ofMillis(1));
      time.advanceTimeBy(Duration.ofMillis(4));
      assertThat(isTurnOfOthers()).isFalse();
    }
  }

  @Test
  void competitionIsForgottenAfterASecond() {
    turns.competed(now());
    time.advanceTimeBy(Duration.ofSeconds(1));
    hold(TURN);

    assertThat(isTurnOfOthers()).isFalse();
  }

  @Test
  void competitionIsForgottenWhenNobodyUsesItsChance() {
    turns.competed(now());
    holdAndGiveAChance();
    holdAndGiveAChance();
    hold(TURN);

    assertThat(isTurnOfOthers()).isFalse();
  }

  @Test
  void competitionGoesOnWhileTheChanceIsUsed() throws SQLException {
    turns.competed(now());
    for (int turn = 0; turn < 4; turn++) {
      hold(TURN);
      assertThat(isTurnOfOthers()).isTrue();
      otherWrites();
      time.advanceTimeBy(CHANCE);
      assertThat(isTurnOfOthers()).isFalse();
    }
  }

  @Test
  void whoFindsTheLockTakenBeginsANewTurn() {
    turns.competed(now());
    hold(TURN.minusMillis(1));
    turns.competed(now());
    hold(Duration.ofMillis(1));

    assertThat(isTurnOfOthers()).isFalse();
  }

  private void holdAndGiveAChance() {
    hold(TURN);
    assertThat(isTurnOfOthers()).isTrue();
    time.advanceTimeBy(CHANCE);
    assertThat(isTurnOfOthers()).isFalse();
  }

  private void hold(Duration duration) {
    turns.taken(now());
    time.advanceTimeBy(duration);
    turns.left(now());
  }

  private boolean isTurnOfOthers() {
    return turns.isTurnOfOthers(now());
  }

  private long now() {
    return timer.nanoTime();
  }

  private void otherWrites() throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("turns.db"));
        Statement statement = other.createStatement()) {
      statement.execute("INSERT INTO t VALUES (1)");
    }
  }
}
