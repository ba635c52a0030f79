package io.github.reactivesqlite.sqlite.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Where answers come when the application has not said where. */
class ResultThreadsTest {

  @TempDir Path directory;

  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("results.db"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Mono<Long> one() {
    return database.query("SELECT 1").mapTo(Long.class).one();
  }

  @Test
  void answersComeOnThreadsThatRefuseToBlock() {
    AtomicReference<String> thread = new AtomicReference<>();
    AtomicReference<Boolean> refuses = new AtomicReference<>();

    Bounded.get(
        one()
            .doOnNext(
                value -> {
                  thread.set(Thread.currentThread().getName());
                  refuses.set(Schedulers.isInNonBlockingThread());
                }));

    assertThat(thread.get()).startsWith("sqlite-result-");
    assertThat(refuses.get()).isTrue();
  }

  @Test
  void anAnswerDoesNotWaitForSubscribersThatAreSlow() {
    int others = Schedulers.DEFAULT_POOL_SIZE - 1;
    CountDownLatch end = new CountDownLatch(1);
    try {
      for (int i = 0; i < others; i++) {
        // One by one: two reads of one batch would be answered by one thread
        CountDownLatch slow = new CountDownLatch(1);
        one()
            .subscribe(
                value -> {
                  slow.countDown();
                  Bounded.await(end);
                });
        Bounded.await(slow);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(Bounded.get(one())).isEqualTo(1);
      }
    } finally {
      end.countDown();
    }
  }

  @Test
  void nobodyEndsThem() {
    ResultThreads.of(SqliteConfig.ofDefaults()).dispose();

    assertThat(Bounded.get(one())).isEqualTo(1);
  }
}
