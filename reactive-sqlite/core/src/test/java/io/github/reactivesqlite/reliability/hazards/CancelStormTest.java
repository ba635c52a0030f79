package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.contract.Quiet;
import io.github.reactivesqlite.error.WriteQueueFullException;
import io.github.reactivesqlite.process.OpenDescriptors;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

/**
 * Subscriptions that are cancelled while they are queued, while their transaction begins, while
 * they run, while it commits, and by a timeout of a millisecond. Afterwards nothing is held or
 * leaked, nothing was dropped, and each write is there exactly if it was reported to its subscriber
 * or counted as committed after the cancel. {@code -Dstorm.seed} repeats a run.
 */
@Tag("reliability")
@Tag("process")
class CancelStormTest {

  private static final int SUBSCRIPTIONS = Scale.of(2_000, 20_000);
  private static final int QUEUE = 1_000;
  private static final int READERS = 3;
  private static final String NAME = "cancel-storm";

  /** When the cancel comes. */
  private enum Stage {
    QUEUED,
    BEGINNING,
    RUNNING,
    COMMITTING,
    TIMEOUT
  }

  @TempDir Path directory;

  private final long seed = Long.getLong("storm.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Queue<String> dropped = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Set<Long> reported = ConcurrentHashMap.newKeySet();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private Path file;
  private SqliteDatabase database;
  private final Map<Long, Integer> kinds = new HashMap<>();
  private long nextId = 1;
  private int started;
  private ForeignProcess other;

  @BeforeEach
  void open() {
    Hooks.onErrorDropped(error -> dropped.add("error " + error + dropper()));
    Hooks.onNextDropped(value -> dropped.add("value " + value));
    file = directory.resolve("storm.db");
    database =
        SqliteDatabase.builder(file)
            .config(
                config ->
                    config
                        .name(NAME)
                        .readers(READERS)
                        .interactiveQueueCapacity(QUEUE)
                        .reservedQueuePercent(0)
                        .walCheckpointFrames(200))
            .build();
    Bounded.get(
        database.script(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, half INTEGER);"
                + "CREATE TABLE fixed (id INTEGER PRIMARY KEY);"
                + "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                + " INSERT INTO fixed SELECT i FROM n"));
    other = new ForeignProcess(file);
  }

  @AfterEach
  void close() {
    database.close();
    other.close();
    Hooks.resetOnErrorDropped();
    Hooks.resetOnNextDropped();
  }

  @Test
  void nothingIsLeakedAndEveryWriteIsAccountedFor() throws Exception {
    warmUp();
    Set<String> threads = threads();
    int descriptors = OpenDescriptors.areVisible() ? OpenDescriptors.countOfDatabase(file) : 0;
    DatabaseStats before = database.stats();
    long begun = System.nanoTime();

    int share = SUBSCRIPTIONS / Stage.values().length;
    for (int done = 0; done < share; done += 200) {
      int wave = Math.min(200, share - done);
      cancelQueued(wave);
      cancelBeginning(wave);
      cancelInside(wave, Stage.RUNNING);
      cancelInside(wave, Stage.COMMITTING);
      cancelByTimeout(wave);
    }
    int all = share * Stage.values().length;
    Bounded.until("every subscription has ended", () -> ended.get() == all);
    Bounded.until("nothing waits or runs", () -> Quiet.is(database.stats()));

    String run = "seed " + seed;
    // Answers that nobody takes are counted when they are given, a moment after the writer is quiet
    Set<Long> unreported = unreported();
    for (int look = 0; look < 2_000 && unreported.size() != cancelledAfterCommit(before); look++) {
      LockSupport.parkNanos(1_000_000);
      unreported = unreported();
    }
    DatabaseStats.WriteStats writes = database.stats().since(before).writes();
    assertThat(failures).as(run).isEmpty();
    assertThat(dropped).as(run).isEmpty();
    verifyWrites(writes.cancelledAfterCommit(), run);
    verifyNothingIsLeaked(threads, descriptors);
    System.out.printf(
        "cancel storm: %d subscriptions, %d cancelled, %d writes reported, %d cancelled while"
            + " queued, %d committed after cancel, leaks 0, dropped 0, %d ms, seed %d%n",
        all,
        cancelled.get(),
        reported.size(),
        writes.cancelledQueued(),
        writes.cancelledAfterCommit(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun),
        seed);
  }

  // ---- the stages

  private void cancelQueued(int count) {
    List<Disposable> waiting = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      for (int i = 0; i < count; i++) {
        waiting.add(watch(operation(() -> {})));
      }
      waiting.forEach(Disposable::dispose);
      writer.release();
    }
  }

  /** Another process holds the lock, so that BEGIN is tried again and again. */
  private void cancelBeginning(int count) {
    other.hold();
    List<Disposable> waiting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      waiting.add(watch(operation(() -> {})));
    }
    for (int i = 0; i < count; i++) {
      if (i == count / 2) {
        // The other half races with the lock
        other.release();
      }
      waiting.get(i).dispose();
    }
  }

  /** The unit itself has its subscriber leave, at once or when it is about to be committed. */
  private void cancelInside(int count, Stage stage) {
    for (int i = 0; i < count; i++) {
      AtomicReference<Disposable> own = new AtomicReference<>();
      long delay = random.nextInt(300);
      Runnable leave =
          () -> {
            Disposable subscription = own.get();
            if (subscription == null) {
              return;
            }
            if (stage == Stage.RUNNING) {
              subscription.dispose();
            } else {
              Schedulers.parallel().schedule(subscription::dispose, delay, TimeUnit.MICROSECONDS);
            }
          };
      Disposable subscription = watch(operation(leave));
      own.set(subscription);
      // Those whose code does not run, or has run before
      Schedulers.parallel()
          .schedule(subscription::dispose, random.nextInt(200_000), TimeUnit.MICROSECONDS);
      keepUp();
    }
  }

  /** Lets those before go on, or nearly all would be cancelled in the queue. */
  private void keepUp() {
    Bounded.until("earlier ones end", () -> started - ended.get() < 40);
  }

  private void cancelByTimeout(int count) {
    for (int i = 0; i < count; i++) {
      watch(Flux.from(operation(() -> {})).then().timeout(Duration.ofMillis(1)));
      if (i % 4 == 3) {
        keepUp();
      }
    }
  }

  /** Which operator dropped it. */
  private static String dropper() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .map(frame -> frame.getClassName() + '.' + frame.getMethodName())
                    .filter(name -> !name.contains("CancelStormTest"))
                    .limit(8)
                    .collect(Collectors.joining(" < ", " by ", "")));
  }

  private Disposable watch(Publisher<?> operation) {
    started++;
    return Flux.from(operation)
        .doFinally(
            end -> {
              if (end == SignalType.CANCEL) {
                cancelled.incrementAndGet();
              }
              ended.incrementAndGet();
            })
        .subscribe(
            value -> {},
            error -> {
              if (!(error instanceof TimeoutException)) {
                failures.add(error);
              }
            });
  }

  // ---- the operations

  /** Writes insert two halves of a new id; {@code inside} is called where code of ours runs. */
  private Publisher<?> operation(Runnable inside) {
    long id = nextId++;
    int kind = random.nextInt(9);
    kinds.put(id, kind);
    return switch (kind) {
      case 0 ->
          database
              .update("INSERT INTO item VALUES (:id, 1), (-:id, 2)")
              .bind("id", id)
              .rowsUpdated()
              .doOnNext(rows -> reported.add(id))
              .doOnSubscribe(subscribed -> inside.run());
      case 1 ->
          database
              .update("INSERT INTO item VALUES (:id, 1), (-:id, 2) RETURNING id")
              .bind("id", id)
              .returning(Long.class)
              .first()
              .doOnNext(row -> reported.add(id));
      case 2, 3 ->
          database
              .write(
                  session -> {
                    session.update("INSERT INTO item VALUES (?, 1)").bind(1, id).execute();
                    inside.run();
                    session.update("INSERT INTO item VALUES (?, 2)").bind(1, -id).execute();
                    return id;
                  })
              .doOnNext(reported::add);
      case 4 ->
          database
              .withTransaction(
                  tx ->
                      tx.update("INSERT INTO item VALUES (?, 1)")
                          .bind(1, id)
                          .rowsUpdated()
                          .doOnNext(rows -> inside.run())
                          .then(
                              tx.update("INSERT INTO item VALUES (?, 2)")
                                  .bind(1, -id)
                                  .rowsUpdated()))
              .doOnNext(rows -> reported.add(id));
      case 5 ->
          database
              .writeChunks(
                  Mono.just(id),
                  ChunkOptions.<Long>ofSize(1),
                  (session, ids) -> {
                    session.update("INSERT INTO item VALUES (?, 1)").bind(1, id).execute();
                    inside.run();
                    session.update("INSERT INTO item VALUES (?, 2)").bind(1, -id).execute();
                  })
              .doOnNext(result -> reported.add(id));
      case 6 ->
          database
              .query("SELECT id FROM fixed")
              .map(
                  row -> {
                    if (row.getLong(1) == 300) {
                      inside.run();
                    }
                    return row.getLong(1);
                  })
              .all()
              // Demand of 50 rows; limitRate itself drops a refusal when it meets a cancel
              .concatMap(Mono::just, 50);
      case 7 ->
          database.withSnapshot(
              snapshot ->
                  snapshot
                      .query("SELECT count(*) FROM fixed")
                      .mapTo(Long.class)
                      .one()
                      .doOnNext(rows -> inside.run()));
      default ->
          database.read(
              session -> {
                inside.run();
                return session.query("SELECT count(*) FROM item").mapTo(Long.class).one();
              });
    };
  }

  // ---- afterwards

  private void verifyWrites(long countedAfterCancel, String run) {
    List<Long> halves =
        Bounded.get(database.query("SELECT id FROM item").mapTo(Long.class).all().collectList());
    Set<Long> present = new TreeSet<>();
    Set<Long> second = new TreeSet<>();
    halves.forEach(id -> (id > 0 ? present : second).add(Math.abs(id)));
    assertThat(second).as("half units, %s", run).isEqualTo(present);
    assertThat(present).as("reported writes, %s", run).containsAll(reported);
    assertThat((long) present.size())
        .as(
            "written = reported + counted as committed after cancel; unreported kinds %s, %s",
            unreported().stream().collect(Collectors.groupingBy(kinds::get, Collectors.counting())),
            run)
        .isEqualTo(reported.size() + countedAfterCancel);
  }

  private Set<Long> unreported() {
    Set<Long> present =
        new TreeSet<>(
            Bounded.get(
                database
                    .query("SELECT id FROM item WHERE id > 0")
                    .mapTo(Long.class)
                    .all()
                    .collectList()));
    present.removeAll(reported);
    return present;
  }

  private long cancelledAfterCommit(DatabaseStats before) {
    return database.stats().since(before).writes().cancelledAfterCommit();
  }

  private void warmUp() {
    List<Outcome<?>> held = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      held.add(
          Bounded.start(
              database.read(session -> session.query("SELECT 1").mapTo(Long.class).one())));
      held.add(
          Bounded.start(database.query("SELECT id FROM fixed").mapTo(Long.class).all().then()));
    }
    held.forEach(Outcome::get);
  }

  private void verifyNothingIsLeaked(Set<String> threads, int descriptors) throws IOException {
    // A read transaction or a statement left open would keep the log from being cut back
    assertThat(Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE)).busy())
        .isFalse();
    // All readers but one may be held at once, and are given back
    AtomicInteger inside = new AtomicInteger();
    List<Outcome<Integer>> snapshots = new ArrayList<>();
    for (int i = 0; i < READERS - 1; i++) {
      snapshots.add(
          Bounded.start(
              database.withSnapshot(
                  snapshot ->
                      Mono.fromCallable(inside::incrementAndGet)
                          .repeat(() -> inside.get() < READERS - 1)
                          .delayElements(Duration.ofMillis(1))
                          .then(Mono.just(1)))));
    }
    snapshots.forEach(Outcome::value);
    // The queue takes as many as ever, and no more
    List<Outcome<Long>> queued = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      IntStream.range(0, QUEUE).forEach(i -> queued.add(Bounded.start(nothing())));
      assertThat(Bounded.start(nothing()).error()).isInstanceOf(WriteQueueFullException.class);
      writer.release();
    }
    queued.forEach(Outcome::value);
    assertThat(threads()).isEqualTo(threads);
    if (OpenDescriptors.areVisible()) {
      assertThat(OpenDescriptors.countOfDatabase(file)).isLessThanOrEqualTo(descriptors);
    }
    other.close();
    database.close();
    Bounded.until("no thread is left", () -> threads().isEmpty());
    if (OpenDescriptors.areVisible()) {
      assertThat(OpenDescriptors.countOfDatabase(file)).isZero();
    }
  }

  private Mono<Long> nothing() {
    return database.update("DELETE FROM item WHERE id = 0").rowsUpdated();
  }

  private static Set<String> threads() {
    Set<String> names = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(NAME)) {
        names.add(thread.getName());
      }
    }
    return names;
  }
}
