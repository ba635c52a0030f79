package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Takes turns with other processes. SQLite's lock has no queue: whoever begins again right after
 * its COMMIT keeps it, while the others can only poll and find it taken nearly always. So a writer
 * that has met competition lets go after a turn, for as long as the longest pause between two
 * polls, and forgets the competition when nobody has used that chance.
 *
 * <p>All fields belong to the writer thread.
 */
final class LockTurns {

  /** How long the lock is held, over any number of transactions, before it is left to others. */
  static final Duration TURN = Duration.ofMillis(20);

  /** The default policy's longest pause, 10 ms, with its jitter of 20 %. */
  static final Duration CHANCE = Duration.ofMillis(12);

  private static final Duration MEMORY = Duration.ofSeconds(1);
  private static final int UNUSED_CHANCES = 2;

  private final Supplier<EngineConnection> connection;
  private final EngineTimer timer;
  private final Runnable resume;

  private boolean hasCompetition;
  private long lastCompetition;

  private boolean isHeld;
  private boolean inTurn;
  private long turnStarted;
  private long heldSince;
  private long heldNanos;

  private boolean isPausing;
  private long pausedUntil;
  private long versionBefore;
  private int unusedChances;

  /**
   * Begins without competition.
   *
   * @param resume called from any thread when the others have had their chance
   */
  LockTurns(Supplier<EngineConnection> connection, EngineTimer timer, Runnable resume) {
    this.connection = connection;
    this.timer = timer;
    this.resume = resume;
  }

  /** Somebody else holds the lock. */
  void competed(long now) {
    hasCompetition = true;
    lastCompetition = now;
    unusedChances = 0;
    inTurn = false;
  }

  /** Whether somebody else wanted the lock lately. */
  boolean isContended(long now) {
    return hasCompetition && now - lastCompetition < MEMORY.toNanos();
  }

  /** The lock is ours. */
  void taken(long now) {
    if (!inTurn) {
      inTurn = true;
      turnStarted = now;
      heldNanos = 0;
    }
    isHeld = true;
    heldSince = now;
  }

  /** The lock is free again; repeating it does no harm. */
  void left(long now) {
    if (isHeld) {
      isHeld = false;
      heldNanos += now - heldSince;
    }
  }

  /** Whether the lock stays free now, for others; {@code resume} is called at the end of that. */
  boolean isTurnOfOthers(long now) {
    if (isPausing) {
      if (now - pausedUntil < 0) {
        return true;
      }
      isPausing = false;
      noteWhetherUsed();
    }
    if (!isTurnOver(now)) {
      return false;
    }
    isPausing = true;
    pausedUntil = now + CHANCE.toNanos();
    versionBefore = dataVersion();
    timer.schedule(resume, CHANCE.toNanos());
    return true;
  }

  private boolean isTurnOver(long now) {
    if (!inTurn || heldNanos < TURN.toNanos()) {
      return false;
    }
    inTurn = false;
    boolean wasMostlyHeld = heldNanos >= (now - turnStarted) / 2;
    return wasMostlyHeld && isContended(now);
  }

  private void noteWhetherUsed() {
    if (dataVersion() != versionBefore) {
      unusedChances = 0;
    } else if (++unusedChances >= UNUSED_CHANCES) {
      hasCompetition = false;
    }
  }

  /** Changes with every commit of another connection. */
  private long dataVersion() {
    try {
      return connection.get().longValue("PRAGMA data_version");
    } catch (SqlFailure unknown) {
      return -1;
    }
  }
}
