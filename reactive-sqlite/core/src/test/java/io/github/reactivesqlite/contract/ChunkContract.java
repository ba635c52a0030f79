package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.ChunkUnit;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Several statements for each chunk of a stream. */
abstract class ChunkContract extends ReactiveDatabaseContract {

  record Track(int album, int number) {
    int id() {
      return album * 1_000 + number;
    }
  }

  private static final ChunkUnit<Integer> INSERT_ITEMS =
      (session, items) -> {
        for (Integer id : items) {
          session.update(INSERT).bind("id", id).bind("name", "n").execute();
          session
              .update("INSERT INTO note (item, text) VALUES (:id, :text)")
              .bind("id", id)
              .bind("text", "t" + id)
              .execute();
        }
      };

  private static ChunkOptions<Integer> chunksOf(int size) {
    return ChunkOptions.<Integer>ofSize(size).maxDelay(Duration.ofSeconds(30));
  }

  private static Flux<Track> albums(int... sizes) {
    List<Track> tracks = new ArrayList<>();
    for (int album = 1; album <= sizes.length; album++) {
      for (int number = 1; number <= sizes[album - 1]; number++) {
        tracks.add(new Track(album, number));
      }
    }
    return Flux.fromIterable(tracks);
  }

  @Test
  void unitWritesSeveralTables() {
    List<BatchResult> results =
        all(db().writeChunks(Flux.range(1, 25), chunksOf(10), INSERT_ITEMS));

    assertThat(results)
        .containsExactly(
            new BatchResult(0, 10, 20, new BatchResult.Totals(1, 10, 20)),
            new BatchResult(10, 10, 20, new BatchResult.Totals(2, 20, 40)),
            new BatchResult(20, 5, 10, new BatchResult.Totals(3, 25, 50)));
    assertThat(count("note")).isEqualTo(25);
  }

  @Test
  void failedUnitRollsItsChunkBackAndEndsTheStream() {
    await(insert(17));

    BatchFailedException error =
        errorOf(
            BatchFailedException.class,
            db().writeChunks(Flux.range(1, 40), chunksOf(10), INSERT_ITEMS).then());

    assertThat(error.committedItems()).isEqualTo(10);
    assertThat(error.itemIndex()).as("only the unit knows the item").isEqualTo(-1);
    assertThat(error).hasCauseInstanceOf(ConstraintViolationException.class);
    assertThat(count()).isEqualTo(11);
    assertThat(count("note")).isEqualTo(10);
  }

  @Test
  void unitPastItsTimeIsATimeoutOfTheChunk() {
    BatchFailedException error =
        errorOf(
            BatchFailedException.class,
            db().with(OperationOptions.none().executionTimeout(Duration.ofMillis(60)))
                .writeChunks(
                    Flux.just(1),
                    chunksOf(1),
                    (session, items) -> session.query(ENDLESS).mapTo(Long.class).one())
                .then());

    assertThat(error).hasCauseInstanceOf(QueryTimeoutException.class);
  }

  // ---- boundaries

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 10, 1_000})
  void boundaryNeverSplitsAGroup(int size) {
    List<List<Track>> chunks = Collections.synchronizedList(new ArrayList<>());
    Flux<Track> tracks = albums(3, 12, 1, 1, 7, 30, 2, 4, 4, 9);

    List<BatchResult> results =
        all(
            db().writeChunks(
                    tracks,
                    ChunkOptions.<Track>ofSize(size).boundary(Track::album),
                    (session, items) -> {
                      chunks.add(List.copyOf(items));
                      for (Track track : items) {
                        session
                            .update("INSERT INTO item (id) VALUES (?)")
                            .bind(1, track.id())
                            .execute();
                      }
                    }));

    assertThat(chunks.stream().flatMap(List::stream).toList()).isEqualTo(all(tracks));
    assertThat(chunks.stream().flatMap(chunk -> chunk.stream().map(Track::album).distinct()))
        .as("each album in one chunk")
        .doesNotHaveDuplicates();
    assertThat(results.get(results.size() - 1).totals().items()).isEqualTo(73);
    assertThat(count()).isEqualTo(73);
  }

  @Test
  void smallGroupsShareAChunk() {
    List<Integer> sizes =
        all(
            db().writeChunks(
                    albums(2, 2, 2, 2, 2, 2),
                    ChunkOptions.<Track>ofSize(6)
                        .boundary(Track::album)
                        .maxDelay(Duration.ofSeconds(30)),
                    (session, items) -> {})
                .map(BatchResult::items));

    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(12);
    assertThat(sizes).allMatch(size -> size % 2 == 0).hasSizeLessThanOrEqualTo(2);
  }

  // ---- atomic

  @Test
  void atomicStreamIsWrittenAsAWhole() {
    StepVerifier.create(
            db().writeChunks(Flux.range(1, 25), chunksOf(10).atomic(), INSERT_ITEMS)
                .concatMap(result -> Mono.fromSupplier(result::items).zipWith(countOfItems())))
        .expectNextMatches(tuple -> tuple.getT1() == 10 && tuple.getT2() == 25)
        .expectNextMatches(tuple -> tuple.getT1() == 10 && tuple.getT2() == 25)
        .expectNextMatches(tuple -> tuple.getT1() == 5 && tuple.getT2() == 25)
        .expectComplete()
        .verify(LIMIT);
  }

  private Mono<Long> countOfItems() {
    return db().query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  @Test
  void atomicStreamLeavesNothingWhenAChunkFails() {
    await(insert(25));

    BatchFailedException error =
        errorOf(
            BatchFailedException.class,
            db().writeChunks(Flux.range(1, 40), chunksOf(10).atomic(), INSERT_ITEMS).then());

    assertThat(error.committedItems()).isZero();
    assertThat(count()).isEqualTo(1);
    assertThat(count("note")).isZero();
  }

  @Test
  void atomicStreamLeavesNothingWhenItsSourceFails() {
    BatchFailedException error =
        errorOf(
            BatchFailedException.class,
            db().writeChunks(
                    Flux.range(1, 25).concatWith(Mono.error(new IllegalStateException("mine"))),
                    chunksOf(10).atomic(),
                    INSERT_ITEMS)
                .then());

    assertThat(error.committedItems()).isZero();
    assertThat(count()).isZero();
  }

  @Test
  void atomicStreamLeavesNothingWhenItIsCancelled() {
    AtomicInteger written = new AtomicInteger();
    Disposable running =
        db().writeChunks(
                Flux.range(1, 25).concatWith(Mono.never()),
                chunksOf(10).atomic(),
                (session, items) -> {
                  INSERT_ITEMS.write(session, items);
                  written.addAndGet(items.size());
                })
            .subscribe();
    eventually("two chunks are written", () -> written.get() >= 20);

    running.dispose();

    assertThat(get(insert(1_000))).isEqualTo(1);
    assertThat(ids()).containsExactly(1_000L);
  }

  @Test
  void atomicStreamHasTheTransactionsTime() {
    Throwable error =
        errorOf(
            db().with(OperationOptions.none().transactionTimeout(Duration.ofMillis(80)))
                .writeChunks(
                    Flux.range(1, 25).concatWith(Mono.never()), chunksOf(10).atomic(), INSERT_ITEMS)
                .then());

    assertThat(Stream.iterate(error, t -> t != null, Throwable::getCause))
        .anyMatch(TransactionTimeoutException.class::isInstance);
    assertThat(count()).isZero();
  }

  @Test
  void statementOfAnAtomicStreamHasItsOwnTime() {
    BatchFailedException error =
        errorOf(
            BatchFailedException.class,
            db().with(OperationOptions.none().executionTimeout(Duration.ofMillis(60)))
                .writeChunks(
                    Flux.just(1),
                    chunksOf(1).atomic(),
                    (session, items) -> session.query(ENDLESS).mapTo(Long.class).one())
                .then());

    assertThat(error).hasCauseInstanceOf(QueryTimeoutException.class);
  }

  @Test
  void atomicUnitThatSwallowsTheEndOfItsTransactionWritesNothing() {
    await(insert(1));
    ChunkUnit<Integer> swallowing =
        (session, items) -> {
          for (Integer id : items) {
            try {
              session.update("INSERT OR ROLLBACK INTO item (id) VALUES (?)").bind(1, id).execute();
            } catch (DatabaseException swallowed) {
              continue;
            }
          }
        };

    BatchFailedException error =
        errorOf(
            BatchFailedException.class,
            db().writeChunks(Flux.just(3, 2, 1, 4, 5, 6), chunksOf(2).atomic(), swallowing).then());

    assertThat(error.committedItems()).isZero();
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void otherWritesWaitForAnAtomicStream() {
    AtomicReference<Long> other = new AtomicReference<>();

    await(
        db().writeChunks(
                Flux.range(1, 20)
                    .doOnNext(
                        id -> {
                          if (id == 12) {
                            insert(500).subscribe(other::set);
                          }
                        }),
                chunksOf(5).atomic(),
                (session, items) -> {
                  INSERT_ITEMS.write(session, items);
                  assertThat(
                          session
                              .query("SELECT count(*) FROM item WHERE id = 500")
                              .mapTo(Long.class)
                              .one())
                      .contains(0L);
                })
            .then());

    eventually("the other write is done", () -> other.get() != null);
    assertThat(count()).isEqualTo(21);
  }

  // ---- options

  @Test
  void pauseLeavesRoomBetweenChunks() {
    long began = System.nanoTime();

    List<BatchResult> results =
        all(
            db().writeChunks(
                    Flux.range(1, 50),
                    chunksOf(10).pauseBetweenChunks(Duration.ofMillis(20)),
                    INSERT_ITEMS));

    assertThat(results).hasSize(5);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(75));
  }

  @Test
  void optionsAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> ChunkOptions.ofSize(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChunkOptions.ofSize(1).maxDelay(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChunkOptions.ofSize(1).pauseBetweenChunks(Duration.ofMillis(-1)));
  }

  @Test
  void failedKeyEndsTheStream() {
    IllegalStateException own = new IllegalStateException("mine");

    BatchFailedException error =
        errorOf(
            BatchFailedException.class,
            db().writeChunks(
                    Flux.range(1, 5),
                    chunksOf(2)
                        .boundary(
                            id -> {
                              if (id == 4) {
                                throw own;
                              }
                              return id;
                            }),
                    INSERT_ITEMS)
                .then());

    assertThat(error).hasCause(own);
    assertThat(count()).isEqualTo(error.committedItems());
  }

  @Test
  void theNextChunkIsMadeWhileOneIsWritten() {
    AtomicBoolean begun = new AtomicBoolean();
    AtomicBoolean seen = new AtomicBoolean();
    long patience = System.nanoTime() + LIMIT.toNanos() / 2;
    Flux<Integer> source =
        Flux.range(1, 4)
            .doOnNext(
                id -> {
                  // Works on, as a result thread may not wait
                  while (id == 3 && !seen.get() && System.nanoTime() - patience < 0) {
                    seen.set(begun.get());
                  }
                });
    ChunkUnit<Integer> unit =
        (session, items) -> {
          begun.set(true);
          INSERT_ITEMS.write(session, items);
        };

    List<BatchResult> results = all(db().writeChunks(source, chunksOf(2), unit));

    assertThat(seen).isTrue();
    assertThat(results).extracting(BatchResult::items).containsExactly(2, 2);
    assertThat(count()).isEqualTo(4);
  }
}
