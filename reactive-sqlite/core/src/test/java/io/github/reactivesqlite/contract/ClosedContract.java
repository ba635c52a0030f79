package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.DatabaseException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Closing, and what a closed database says. */
abstract class ClosedContract extends ReactiveDatabaseContract {

  private Duration closeTimeout = Duration.ofSeconds(2);

  @Override
  Backend.Setup setup() {
    return Backend.Setup.ofDefaults().withCloseTimeout(closeTimeout);
  }

  @Test
  void everyOperationOfAClosedDatabaseSaysSo() {
    ReactiveDatabase view = db().with(OperationOptions.labelled("late"));
    Mono<Long> prepared = insert(view, 1);
    await(db().closeGracefully());

    for (Mono<?> operation :
        List.<Mono<?>>of(
            prepared,
            insert(1),
            view.query("SELECT 1").mapTo(Long.class).one(),
            view.query("SELECT 1").mapTo(Long.class).first(),
            view.query("SELECT 1").mapTo(Long.class).all().then(),
            view.read(session -> 1),
            view.write(session -> 1),
            view.script("DELETE FROM item"),
            view.withTransaction(open -> Mono.just(1)),
            view.begin(TransactionOptions.ofDefaults()),
            view.withSnapshot(open -> Mono.just(1)),
            view.withSnapshotMany(open -> Mono.just(1)).then(),
            view.migrate(
                List.of(io.github.reactivesqlite.Migration.of(1, "x", "CREATE TABLE x (y)"))))) {
      errorOf(DatabaseClosedException.class, operation);
    }
    assertThat(
            errorOf(
                BatchFailedException.class,
                view.writeChunks(Flux.just(1), ChunkOptions.ofSize(1), (session, items) -> {})
                    .then()))
        .hasCauseInstanceOf(DatabaseClosedException.class);
  }

  @Test
  void closingAgainGivesTheSameOutcome() {
    Mono<Void> close = db().closeGracefully();
    assertThat(get(insert(1))).as("lazy").isEqualTo(1);

    await(close);
    await(close);
    await(db().closeGracefully());
    db().close();
  }

  @Test
  void whatWasQueuedIsWrittenBeforeItCloses() {
    closeTimeout = LIMIT;
    reopen();
    Queue<Long> done = new ConcurrentLinkedQueue<>();
    Gate writer = holdWriter();
    for (long id = 1; id <= 100; id++) {
      insert(id).subscribe(done::add);
    }
    awaitQueuedWrites(100);
    Mono<Void> closed = db().closeGracefully().cache();
    closed.subscribe();
    writer.open();

    await(closed);

    eventually("all are answered", () -> done.size() == 100);
    reopen();
    assertThat(count()).isEqualTo(100);
  }

  @Test
  void openTransactionIsRolledBackInTime() {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger inside = new AtomicInteger();
    db().withTransaction(
            open ->
                open.update("INSERT INTO item (id) VALUES (1)")
                    .rowsUpdated()
                    .doOnNext(rows -> inside.incrementAndGet())
                    .then(Mono.never()))
        .subscribe(never -> {}, failures::add);
    eventually("it is open", () -> inside.get() == 1);

    await(db().closeGracefully());

    eventually("its subscriber knows", () -> !failures.isEmpty());
    assertThat(failures).singleElement().isInstanceOf(DatabaseException.class);
    reopen();
    assertThat(count()).isZero();
  }

  @Test
  void heldSnapshotsAndStreamsDoNotKeepItOpen() {
    fill(1_000);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger inside = new AtomicInteger();
    db().withSnapshot(
            open ->
                open.query("SELECT 1")
                    .mapTo(Long.class)
                    .one()
                    .doOnNext(row -> inside.incrementAndGet())
                    .then(Mono.never()))
        .subscribe(never -> {}, failures::add);
    Disposable stream =
        db().query("SELECT id FROM item")
            .mapTo(Long.class)
            .all()
            .concatMap(id -> Mono.never().doOnSubscribe(s -> inside.incrementAndGet()), 1)
            .subscribe(never -> {}, failures::add);
    eventually("both are open", () -> inside.get() == 2);

    await(db().closeGracefully());

    eventually("the snapshot's subscriber knows", () -> !failures.isEmpty());
    stream.dispose();
    reopen();
    assertThat(count()).isEqualTo(1_000);
  }

  @Test
  void closeUnderLoadAnswersEverybodyAndKeepsWhatItAcknowledged() {
    Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger answered = new AtomicInteger();
    int writers = 16;
    for (int writer = 0; writer < writers; writer++) {
      long from = writer * 100_000L;
      Flux.range(1, 50_000)
          .concatMap(i -> insert(from + i).doOnNext(rows -> acknowledged.add(from + i)))
          .doFinally(end -> answered.incrementAndGet())
          .subscribeOn(Schedulers.parallel())
          .subscribe(rows -> {}, failures::add);
    }
    eventually("they write", () -> acknowledged.size() > 500);

    await(db().closeGracefully());

    eventually("all are answered", () -> answered.get() == writers);
    assertThat(failures).hasSize(writers).allMatch(DatabaseClosedException.class::isInstance);
    reopen();
    assertThat(new HashSet<>(ids())).isEqualTo(acknowledged);
  }
}
