package io.github.reactivesqlite.benchmarks.peer;

import io.github.reactivesqlite.Row;
import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** The library as an application opens it: its defaults, and a meter registry. */
final class ReactiveSqlitePeer implements Peer {

  private final SqliteDatabase database;

  ReactiveSqlitePeer(PeerSettings settings) {
    database =
        SqliteDatabase.builder(settings.file())
            .config(
                config ->
                    config
                        .durability(settings.durability())
                        .meterRegistry(new SimpleMeterRegistry()))
            .build();
  }

  @Override
  public Publisher<?> write(Statement statement) {
    Update update = database.update(statement.sql());
    Object[] values = statement.values();
    for (int i = 0; i < values.length; i++) {
      update = update.bind(i + 1, values[i]);
    }
    return update.rowsUpdated();
  }

  @Override
  public Publisher<?> unit(List<Statement> statements) {
    return database.write(
        session -> {
          long rows = 0;
          for (Statement statement : statements) {
            rows += execute(session, statement);
          }
          return rows;
        });
  }

  private static long execute(WriteSession session, Statement statement) {
    WriteSession.SessionUpdate update = session.update(statement.sql());
    Object[] values = statement.values();
    for (int i = 0; i < values.length; i++) {
      update = update.bind(i + 1, values[i]);
    }
    return update.execute();
  }

  @Override
  public Publisher<Item> read(long id) {
    return database.query(Sql.READ).bind(1, id).map(ReactiveSqlitePeer::item).one();
  }

  @Override
  public Publisher<Item> scan() {
    return database.query(Sql.SCAN).map(ReactiveSqlitePeer::item).all();
  }

  @Override
  public Publisher<?> bulk(Items items, long rows, int chunk) {
    Flux<Item> source =
        Flux.generate(
            () -> 0L,
            (number, sink) -> {
              if (number == rows) {
                sink.complete();
              } else {
                sink.next(items.item(number));
              }
              return number + 1;
            });
    return database
        .batch(Sql.INSERT)
        .chunkSize(chunk)
        .execute(
            source,
            (parameters, item) ->
                parameters.bind(1, item.name()).bind(2, item.score()).bind(3, item.body()));
  }

  private static Item item(Row row) {
    return new Item(
        row.getLong(1),
        Objects.requireNonNull(row.getString(2)),
        row.getLong(3),
        Objects.requireNonNull(row.getString(4)));
  }

  @Override
  public void close() {
    database.close();
  }
}
