package io.github.reactivesqlite.sqlite.support;

import io.github.reactivesqlite.ReactiveDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Reads that keep a reader each busy until they are let go: what is subscribed to meanwhile has to
 * wait for one of those readers.
 */
public final class HeldReads implements AutoCloseable {

  private final CountDownLatch released = new CountDownLatch(1);
  private final List<Bounded.Outcome<Long>> reads = new ArrayList<>();

  private HeldReads(int number, Function<Runnable, Mono<Long>> readThatRuns) {
    CountDownLatch running = new CountDownLatch(number);
    Runnable wait =
        () -> {
          running.countDown();
          Bounded.await(released);
        };
    for (int i = 0; i < number; i++) {
      reads.add(Bounded.start(readThatRuns.apply(wait)));
    }
    Bounded.await(running);
  }

  /** Returns when all of these queries are held, in the mapper of their row. */
  public static HeldReads queries(ReactiveDatabase database, int number) {
    return new HeldReads(
        number,
        wait ->
            database
                .query("SELECT 1")
                .map(
                    row -> {
                      wait.run();
                      return row.getLong(1);
                    })
                .one());
  }

  /** Returns when one read unit is held, before it reads. */
  public static HeldReads unit(ReactiveDatabase database) {
    return new HeldReads(
        1,
        wait ->
            database.read(
                session -> {
                  wait.run();
                  return session.query("SELECT 1").mapTo(Long.class).one().orElseThrow();
                }));
  }

  /** What becomes of them; 1 for each that is answered. */
  public List<Bounded.Outcome<Long>> outcomes() {
    return reads;
  }

  /** Lets them end and waits for their answers, which are rows. */
  public void release() {
    letGo();
    for (Bounded.Outcome<Long> read : reads) {
      Long one = read.value();
      if (one == null || one != 1) {
        throw new AssertionError("A held read was answered with " + one);
      }
    }
  }

  /** Lets them end, whatever their answers may be. */
  public void letGo() {
    released.countDown();
  }

  @Override
  public void close() {
    letGo();
  }
}
