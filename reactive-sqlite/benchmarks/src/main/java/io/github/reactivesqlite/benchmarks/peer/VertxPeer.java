package io.github.reactivesqlite.benchmarks.peer;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** vertx-jdbc-client with its own pool. */
final class VertxPeer implements Peer {

  private static final int CLOSE_SECONDS = 30;

  private final Vertx vertx = Vertx.vertx();
  private final Pool pool;

  VertxPeer(PeerSettings settings) {
    pool =
        JDBCPool.pool(
            vertx,
            settings.dataSource(),
            new PoolOptions().setMaxSize(settings.load().connections()));
  }

  @Override
  public Publisher<?> write(Statement statement) {
    return mono(() -> pool.preparedQuery(statement.sql()).execute(Tuple.from(statement.values())));
  }

  @Override
  public Publisher<?> unit(List<Statement> statements) {
    return mono(() -> pool.withTransaction(connection -> all(connection, statements)));
  }

  private static Future<Integer> all(SqlConnection connection, List<Statement> statements) {
    Future<Integer> done = Future.succeededFuture(0);
    for (Statement statement : statements) {
      done =
          done.compose(
              rows ->
                  connection
                      .preparedQuery(statement.sql())
                      .execute(Tuple.from(statement.values()))
                      .map(result -> rows + result.rowCount()));
    }
    return done;
  }

  @Override
  public Publisher<Item> read(long id) {
    return mono(
        () ->
            pool.preparedQuery(Sql.READ)
                .execute(Tuple.of(id))
                .map(rows -> item(rows.iterator().next())));
  }

  @Override
  public Publisher<Item> scan() {
    return mono(() -> pool.preparedQuery(Sql.SCAN).execute())
        .flatMapMany(
            rows ->
                Flux.fromStream(
                    () -> StreamSupport.stream(rows.spliterator(), false).map(VertxPeer::item)));
  }

  @Override
  public Publisher<?> bulk(Items items, long rows, int chunk) {
    return Flux.<Long, Long>generate(
            () -> 0L,
            (first, sink) -> {
              if (first >= rows) {
                sink.complete();
              } else {
                sink.next(first);
              }
              return first + chunk;
            })
        .concatMap(first -> chunk(items, first, Math.min(rows, first + chunk)));
  }

  private Mono<?> chunk(Items items, long begin, long end) {
    List<Tuple> tuples = new ArrayList<>((int) (end - begin));
    for (long number = begin; number < end; number++) {
      tuples.add(Tuple.from(items.insert(number).values()));
    }
    return mono(
        () ->
            pool.withTransaction(
                connection -> connection.preparedQuery(Sql.INSERT).executeBatch(tuples)));
  }

  private static <T> Mono<T> mono(Supplier<Future<T>> call) {
    return Mono.create(sink -> call.get().onSuccess(sink::success).onFailure(sink::error));
  }

  private static Item item(Row row) {
    return new Item(row.getLong(0), row.getString(1), row.getLong(2), row.getString(3));
  }

  @Override
  public void close() {
    await(pool.close());
    await(vertx.close());
  }

  private static void await(Future<?> closing) {
    try {
      closing.toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new IllegalStateException("Vert.x could not be closed", failed);
    }
  }
}
