package io.github.reactivesqlite.sqlite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import io.github.reactivesqlite.sqlite.support.WatchedClock;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;

/** Closing goes through when no alarm can be set any more. */
@Timeout(120)
class ClosingWithoutTimerTest {

  /** What has become of the timer. */
  enum Timer {
    WORKS,
    /** It cannot start its thread. */
    THROWS,
    /** Somebody has shut it down. */
    IS_SHUT_DOWN
  }

  @TempDir Path directory;

  private Path file;
  private volatile Timer timer = Timer.WORKS;
  private Engine engine;
  private ReactiveDatabase database;

  @BeforeEach
  void open() {
    file = directory.resolve("timer.db");
    engine =
        EngineOpening.open(file, SqliteConfig.ofDefaults(), EngineTimer.of(new FailingScheduler()))
            .blockOptional(Bounded.PATIENCE)
            .orElseThrow();
    database = engine.root();
    Bounded.get(database.update("CREATE TABLE item (n INTEGER)").rowsUpdated());
  }

  @ParameterizedTest
  @EnumSource(Timer.class)
  void aQuietDatabaseIsClosed(Timer state) {
    timer = state;
    Bounded.get(engine.closeGracefully());
    theFileIsFree();
  }

  /** Nobody can wait for it, so it is ended as if its time were over. */
  @ParameterizedTest
  @EnumSource(value = Timer.class, names = "WORKS", mode = EnumSource.Mode.EXCLUDE)
  void aBusyDatabaseIsClosedWhenItsWorkEnds(Timer state) {
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      timer = state;
      Outcome<Void> closing = Bounded.start(engine.closeGracefully());
      writer.release();
      assertThat(closing.value()).isNull();
    }
    theFileIsFree();
  }

  @Test
  void closeReturns() {
    timer = Timer.THROWS;
    engine.close();
    theFileIsFree();
  }

  private void theFileIsFree() {
    try (SqliteDatabase again = SqliteDatabase.open(file)) {
      assertThat(Bounded.get(again.query("SELECT count(*) FROM item").mapTo(Long.class).one()))
          .isZero();
    }
  }

  private final class FailingScheduler extends WatchedClock {

    private FailingScheduler() {
      super(() -> {});
    }

    @Override
    public boolean isDisposed() {
      return timer == Timer.IS_SHUT_DOWN;
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return switch (timer) {
        case WORKS -> super.schedule(task, delay, unit);
        case THROWS -> throw new IllegalStateException("No thread could be started");
        case IS_SHUT_DOWN -> throw new RejectedExecutionException("Shut down");
      };
    }
  }
}
