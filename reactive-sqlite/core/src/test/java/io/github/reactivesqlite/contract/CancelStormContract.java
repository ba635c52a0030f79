package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChunkOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Thousands of cancels at random moments, and batches whose every item is accounted for. */
abstract class CancelStormContract extends ReactiveDatabaseContract {

  private static final int CANCELS = 2_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 20_260})
  void afterRandomCancelsNothingIsQueuedHeldOrHalfWritten(long seed) {
    fill(2_000);
    Random random = new Random(seed);
    Set<Long> acknowledged = java.util.concurrent.ConcurrentHashMap.newKeySet();
    AtomicInteger ended = new AtomicInteger();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < CANCELS; i++) {
      long id = 100_000 + 2L * i;
      Disposable running =
          Flux.from(operation(random.nextInt(11), id, acknowledged))
              .doFinally(signal -> ended.incrementAndGet())
              .subscribe(value -> {}, failures::add);
      Schedulers.parallel()
          .schedule(running::dispose, random.nextInt(3_000), TimeUnit.MICROSECONDS);
      if (i % 20 == 0) {
        await(Mono.delay(Duration.ofNanos(random.nextInt(4_000_000))));
      }
    }
    eventually("all have ended", () -> ended.get() == CANCELS);
    eventually("nothing is queued", () -> db().stats().writes().queuedInteractive() == 0);
    eventually("nothing is held", () -> db().stats().reads().active() == 0);

    assertThat(failures).as("errors, seed " + seed).isEmpty();
    assertThat(get(insert(-1))).isEqualTo(1);
    assertThat(new HashSet<>(ids())).as("acknowledged rows").containsAll(acknowledged);
    assertThat(get(pairsWithoutPartner())).as("half units, seed " + seed).isZero();
  }

  /** Every unit inserts an even id and the odd one after it. */
  private Mono<Long> pairsWithoutPartner() {
    return db().query(
            "SELECT count(*) FROM item a WHERE a.id >= 100000 AND NOT EXISTS"
                + " (SELECT 1 FROM item b WHERE b.id = CASE a.id % 2 WHEN 0 THEN a.id + 1"
                + " ELSE a.id - 1 END)")
        .mapTo(Long.class)
        .one();
  }

  private Publisher<?> operation(int kind, long id, Set<Long> acknowledged) {
    return switch (kind) {
      case 0 -> db().query("SELECT name FROM item WHERE id = 7").mapTo(String.class).one();
      case 1 -> db().query("SELECT id FROM item").mapTo(Long.class).all();
      case 2 -> db().query("SELECT id FROM item").mapTo(Long.class).all().concatMap(Mono::just, 1);
      case 3 -> db().read(session -> session.query("SELECT id FROM item").mapTo(Long.class).all());
      case 4 ->
          db().withSnapshotMany(open -> open.query("SELECT id FROM item").mapTo(Long.class).all());
      case 5 -> db().query(ENDLESS).mapTo(Long.class).one();
      case 6 ->
          db().update("INSERT INTO item (id) VALUES (:id), (:id + 1)")
              .bind("id", id)
              .rowsUpdated()
              .doOnNext(rows -> acknowledged.add(id));
      case 7 ->
          db().write(
                  session -> {
                    insertPair(session, id);
                    return id;
                  })
              .doOnNext(acknowledged::add);
      case 8 ->
          db().withTransaction(
                  open ->
                      open.update("INSERT INTO item (id) VALUES (?)")
                          .bind(1, id)
                          .rowsUpdated()
                          .then(
                              open.update("INSERT INTO item (id) VALUES (?)")
                                  .bind(1, id + 1)
                                  .rowsUpdated()))
              .doOnNext(rows -> acknowledged.add(id));
      case 9 ->
          db().update("INSERT INTO item (id) VALUES (:id), (:id + 1) RETURNING id")
              .bind("id", id)
              .returning(Long.class)
              .all()
              .doOnNext(acknowledged::add);
      default ->
          db().writeChunks(
                  Flux.just(id),
                  ChunkOptions.<Long>ofSize(1),
                  (session, ids) -> insertPair(session, ids.get(0)))
              .doOnNext(result -> acknowledged.add(id));
    };
  }

  private static void insertPair(io.github.reactivesqlite.WriteSession session, long id) {
    session.update("INSERT INTO item (id) VALUES (?)").bind(1, id).execute();
    session.update("INSERT INTO item (id) VALUES (?)").bind(1, id + 1).execute();
  }

  // ---- the items of a batch

  /** What happened to the items of one cancelled batch. */
  private final class Accounts {
    final Queue<Long> received = new ConcurrentLinkedQueue<>();
    final Queue<Long> discarded = new ConcurrentLinkedQueue<>();

    Flux<Long> source(long from, int count) {
      return Flux.range(0, count).map(i -> from + i).doOnNext(received::add);
    }

    Flux<BatchResult> watch(Flux<BatchResult> load) {
      return load.doOnDiscard(Long.class, discarded::add);
    }

    /** Each received item is either committed or discarded, and none is both. */
    void settle(long from, int count) {
      Mono<List<Long>> committed =
          db().query("SELECT id FROM item WHERE id >= :from AND id < :to ORDER BY id")
              .bind("from", from)
              .bind("to", from + count)
              .mapTo(Long.class)
              .all()
              .collectList();
      eventually(
          "every item is committed or discarded, and none is both",
          () -> {
            List<Long> both = new ArrayList<>(get(committed));
            both.addAll(discarded);
            return sorted(both).equals(sorted(received));
          });
    }

    private List<Long> sorted(Collection<Long> items) {
      return items.stream().sorted().toList();
    }
  }

  @Test
  void itemsOfAQueuedChunkAreDiscarded() {
    Accounts accounts = new Accounts();
    try (Gate writer = holdWriter()) {
      Disposable load = accounts.watch(insertAll(accounts.source(1, 1_000), 10)).subscribe();
      eventually("a chunk is queued", () -> db().stats().writes().queuedBulk() == 1);

      load.dispose();

      eventually("it has left", () -> db().stats().writes().queuedBulk() == 0);
    }
    accounts.settle(1, 1_000);
    assertThat(count()).isZero();
  }

  @Test
  void itemsOfARunningChunkAreCommitted() {
    Accounts accounts = new Accounts();
    Gate inside = new Gate();
    AtomicBoolean first = new AtomicBoolean(true);
    Disposable load =
        accounts
            .watch(
                db().writeChunks(
                        accounts.source(1, 1_000),
                        ChunkOptions.<Long>ofSize(10),
                        (session, ids) -> {
                          for (Long id : ids) {
                            session
                                .update("INSERT INTO item (id) VALUES (?)")
                                .bind(1, id)
                                .execute();
                          }
                          if (first.getAndSet(false)) {
                            inside.pass();
                          }
                        }))
            .subscribe();
    inside.awaitReached();

    load.dispose();
    inside.open();

    eventually("it is counted", () -> db().stats().writes().cancelledAfterCommit() == 1);
    accounts.settle(1, 1_000);
    assertThat(count()).isEqualTo(10);
    assertThat(db().stats().writes().discardedItems()).isEqualTo(accounts.discarded.size());
  }

  private Flux<BatchResult> insertAll(Flux<Long> ids, int chunkSize) {
    return db().batch("INSERT INTO item (id) VALUES (?)")
        .chunkSize(chunkSize)
        .execute(ids, (row, id) -> row.bind(1, id));
  }

  @Test
  void itemsThatAreListsAreDiscardedWhole() {
    Queue<List<?>> discarded = new ConcurrentLinkedQueue<>();
    try (Gate writer = holdWriter()) {
      Disposable load =
          db().batch("INSERT INTO item (id, name) VALUES (?, ?)")
              .chunkSize(2)
              .execute(
                  Flux.just(List.of(1, 2), List.of(3, 4), List.of(5, 6)),
                  (row, item) -> row.bind(1, item.get(0)).bind(2, item.get(1)))
              .doOnDiscard(List.class, discarded::add)
              .subscribe();
      eventually("a chunk is queued", () -> db().stats().writes().queuedBulk() == 1);

      load.dispose();

      eventually("all are discarded", () -> discarded.size() == 3);
    }
    assertThat(discarded.stream().map(List::size)).containsOnly(2);
    assertThat(db().stats().writes().discardedItems()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20_260})
  void everyItemOfARandomlyCancelledBatchIsCommittedOrDiscarded(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      Accounts accounts = new Accounts();
      long from = 1 + i * 10_000L;
      Flux<Long> source = accounts.source(from, 10_000);
      if (i % 3 == 0) {
        source = source.subscribeOn(Schedulers.parallel());
      }
      Disposable load = accounts.watch(insertAll(source, 1 + random.nextInt(50))).subscribe();
      await(Mono.delay(Duration.ofNanos(random.nextInt(3_000_000))));

      load.dispose();

      accounts.settle(from, 10_000);
    }
  }

  @Test
  void everyItemOfARandomlyCancelledStreamOfGroupsIsCommittedOrDiscarded() {
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      Accounts accounts = new Accounts();
      long from = 1 + i * 10_000L;
      Disposable load =
          accounts
              .watch(
                  db().writeChunks(
                          accounts.source(from, 10_000),
                          ChunkOptions.<Long>ofSize(20).boundary(id -> id / 7),
                          (session, ids) -> {
                            for (Long id : ids) {
                              session
                                  .update("INSERT INTO item (id) VALUES (?)")
                                  .bind(1, id)
                                  .execute();
                            }
                          }))
              .subscribe();
      await(Mono.delay(Duration.ofNanos(random.nextInt(3_000_000))));

      load.dispose();

      accounts.settle(from, 10_000);
    }
  }
}
