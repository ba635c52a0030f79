package io.github.reactivesqlite.benchmarks.peer;

import io.reactivex.rxjava3.functions.Function;
import java.sql.Connection;
import java.util.List;
import org.davidmoten.rxjava3.jdbc.Database;
import org.reactivestreams.Publisher;

/** rxjava3-jdbc with its own non-blocking pool. */
final class RxJavaPeer implements Peer {

  private final Database database;

  RxJavaPeer(PeerSettings settings) {
    database =
        Database.nonBlocking()
            .connectionProvider(settings.dataSource())
            .maxPoolSize(settings.load().connections())
            .build();
  }

  @Override
  public Publisher<?> write(Statement statement) {
    return database.update(statement.sql()).parameters(statement.values()).counts();
  }

  @Override
  public Publisher<?> unit(List<Statement> statements) {
    return onConnection(connection -> Jdbc.unit(connection, statements));
  }

  @Override
  public Publisher<Item> read(long id) {
    return database.select(Sql.READ).parameter(id).get(Item::of);
  }

  @Override
  public Publisher<Item> scan() {
    return database.select(Sql.SCAN).get(Item::of);
  }

  @Override
  public Publisher<?> bulk(Items items, long rows, int chunk) {
    return onConnection(connection -> Jdbc.bulk(connection, items, rows, chunk));
  }

  /** Says which of two overloads is meant. */
  private <T> Publisher<T> onConnection(Function<Connection, T> work) {
    return database.apply(work).toFlowable();
  }

  @Override
  public void close() {
    database.close();
  }
}
