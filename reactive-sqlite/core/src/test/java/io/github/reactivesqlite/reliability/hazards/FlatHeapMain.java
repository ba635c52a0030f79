package io.github.reactivesqlite.reliability.hazards;

import io.github.reactivesqlite.error.ReadQueueFullException;
import io.github.reactivesqlite.error.WriteQueueFullException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** A program with a small heap, and much more of something than fits into it. */
final class FlatHeapMain {

  private static final Duration AT_MOST = Duration.ofMinutes(5);
  private static final String ROW = "'row ' || i || ' ' || printf('%.*c', 60, 'x')";

  private final SqliteDatabase database;
  private final long amount;
  private final int looks = 10;
  private long smallest = Long.MAX_VALUE;
  private long largest;

  private FlatHeapMain(SqliteDatabase database, long amount) {
    this.database = database;
    this.amount = amount;
  }

  public static void main(String[] arguments) throws InterruptedException {
    try (SqliteDatabase database =
        SqliteDatabase.builder(Path.of(arguments[0]))
            .config(
                config ->
                    config
                        .readers(2)
                        .acquireTimeout(AT_MOST)
                        .snapshotTimeout(AT_MOST)
                        .executionTimeout(AT_MOST))
            .build()) {
      Bounded.get(database.script("CREATE TABLE item (id INTEGER PRIMARY KEY)"));
      FlatHeapMain main = new FlatHeapMain(database, Long.parseLong(arguments[2]));
      long begun = System.nanoTime();
      String result =
          switch (arguments[1]) {
            case "writes" -> main.writes();
            case "reads" -> main.reads();
            default -> main.rows();
          };
      System.out.printf(
          "done %s, heap %.1f to %.1f MB, %d ms%n",
          result,
          main.smallest / 1e6,
          main.largest / 1e6,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
  }

  /** Between two looks, the program has done a tenth of its work. */
  private void look(long done) {
    if (done % (amount / looks) == 0) {
      System.gc();
      long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      smallest = Math.min(smallest, used);
      largest = Math.max(largest, used);
    }
  }

  private String writes() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    Bounded.Outcome<Boolean> holder =
        Bounded.start(
            database.write(
                session -> {
                  busy.countDown();
                  return release.await(AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
                }));
    busy.await(AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
    Tally tally =
        attempt(
            id -> database.update("INSERT INTO item VALUES (?)").bind(1, id).rowsUpdated(),
            release);
    holder.value();
    Long rows = Bounded.get(database.query("SELECT count(*) FROM item").mapTo(Long.class).one());
    return tally + ", rows " + rows;
  }

  private String reads() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(2);
    Bounded.Outcome<Boolean> unit =
        Bounded.start(
            database.read(
                session -> {
                  busy.countDown();
                  return release.await(AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
                }));
    Bounded.Outcome<Boolean> mapper =
        Bounded.start(
            database
                .query("SELECT 1")
                .map(
                    row -> {
                      busy.countDown();
                      return await(release);
                    })
                .one());
    busy.await(AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
    Tally tally =
        attempt(id -> database.query("SELECT ?").bind(1, id).mapTo(Long.class).one(), release);
    unit.value();
    mapper.value();
    return tally.toString();
  }

  private static boolean await(CountDownLatch release) {
    try {
      return release.await(AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw new AssertionError("Interrupted while waiting", interrupted);
    }
  }

  /** Nobody holds back: one subscription after the other, as fast as a thread can. */
  private Tally attempt(LongFunction<Mono<Long>> operation, CountDownLatch release) {
    Tally tally = new Tally();
    for (long i = 1; i <= amount; i++) {
      operation.apply(i).subscribe(new Counting(tally));
      look(i);
    }
    release.countDown();
    Bounded.until("all are answered", () -> tally.answered() == amount);
    return tally;
  }

  /** What was answered. */
  private static final class Tally {
    final AtomicLong succeeded = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong other = new AtomicLong();

    long answered() {
      return succeeded.get() + refused.get() + other.get();
    }

    @Override
    public String toString() {
      return "succeeded " + succeeded + ", refused " + refused + ", other " + other;
    }
  }

  private record Counting(Tally tally) implements CoreSubscriber<Long> {
    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Long value) {
      tally.succeeded.incrementAndGet();
    }

    @Override
    public void onError(Throwable error) {
      boolean full =
          error instanceof WriteQueueFullException || error instanceof ReadQueueFullException;
      (full ? tally.refused : tally.other).incrementAndGet();
    }

    @Override
    public void onComplete() {}
  }

  /** A subscriber that asks for a few, and takes its time now and then. */
  private String rows() {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong received = new AtomicLong();
    AtomicLong ahead = new AtomicLong();
    AtomicLong mapped = new AtomicLong();
    database
        .query(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) SELECT "
                + ROW
                + " FROM n")
        .bind(1, amount)
        .map(
            row -> {
              mapped.incrementAndGet();
              return row.getString(1);
            })
        .all()
        .subscribe(
            new BaseSubscriber<String>() {
              @Override
              protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(50);
              }

              @Override
              protected void hookOnNext(String row) {
                long count = received.incrementAndGet();
                ahead.accumulateAndGet(mapped.get() - count, Math::max);
                if (count % 50 == 0) {
                  if (count % 1_000 == 0) {
                    LockSupport.parkNanos(1_000_000);
                  }
                  request(50);
                }
                look(count);
              }

              @Override
              protected void hookOnComplete() {
                ended.set(true);
              }

              @Override
              protected void hookOnError(Throwable error) {
                System.out.println("error " + error);
              }
            });
    long end = System.nanoTime() + AT_MOST.toNanos();
    while (!ended.get() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    return "rows " + received + ", read ahead at most " + ahead;
  }
}
