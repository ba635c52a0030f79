package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;

/** Who stops before whom. */
class ShutdownTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SqliteAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"));
  }

  private long rows() {
    try (SqliteDatabase again = SqliteDatabase.open(dir.resolve("main.db"))) {
      return again.query("SELECT count(*) FROM note").mapTo(Long.class).one().block(WAIT);
    }
  }

  /** Writes in its last moment: when its phase stops, and when it is destroyed. */
  static final class Writes implements SmartLifecycle, DisposableBean {
    private final ReactiveDatabase db;
    private boolean running;

    Writes(ReactiveDatabase db) {
      this.db = db;
      db.script("CREATE TABLE note (text TEXT)").block(WAIT);
    }

    private void write(String text) {
      db.update("INSERT INTO note VALUES (?)").bind(1, text).rowsUpdated().block(WAIT);
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      write("stopped");
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public int getPhase() {
      return Integer.MIN_VALUE;
    }

    @Override
    public void destroy() {
      write("destroyed");
    }
  }

  @Test
  void theDatabaseIsOpenUntilEverythingThatUsesItIsGone() {
    runner().withBean(Writes.class).run(context -> assertThat(context).hasSingleBean(Writes.class));

    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void whatIsQueuedIsWrittenBeforeItCloses() {
    runner()
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.script("CREATE TABLE note (text TEXT)").block(WAIT);
              Flux.range(1, 500)
                  .flatMap(
                      n -> db.update("INSERT INTO note VALUES (?)").bind(1, "n" + n).rowsUpdated(),
                      500)
                  .subscribe();
            });

    assertThat(rows()).isEqualTo(500);
  }

  @Test
  void liveQueriesAndChangesCompleteFirst() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(2);
    CountDownLatch answered = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    runner()
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.query("SELECT 1")
                  .mapTo(Integer.class)
                  .live("note")
                  .subscribe(answer -> answered.countDown(), failure::set, ended::countDown);
              db.changes().subscribe(change -> {}, failure::set, ended::countDown);
              assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
            });

    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(failure.get()).isNull();
  }

  @Test
  void liveQueriesGoOnAfterAPause() {
    runner()
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              Flux<List<Integer>> live = db.query("SELECT 1").mapTo(Integer.class).live();
              context.getSourceApplicationContext().stop();
              assertThat(live.collectList().block(WAIT)).as("while stopped").isEmpty();
              context.getSourceApplicationContext().start();
              assertThat(live.blockFirst(WAIT)).containsExactly(1);
            });
  }
}
