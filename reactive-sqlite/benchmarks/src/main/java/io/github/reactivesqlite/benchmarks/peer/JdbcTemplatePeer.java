package io.github.reactivesqlite.benchmarks.peer;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** HikariCP and Spring's {@code JdbcTemplate} on threads that may block. */
final class JdbcTemplatePeer implements Peer {

  private final Scheduler scheduler;
  private final HikariDataSource pool;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  private JdbcTemplatePeer(PeerSettings settings, Scheduler scheduler) {
    this.scheduler = scheduler;
    this.pool = Pools.of(settings);
    this.jdbc = new JdbcTemplate(pool);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
  }

  static Peer onBoundedElastic(PeerSettings settings) {
    return new JdbcTemplatePeer(settings, Schedulers.boundedElastic());
  }

  static Peer onVirtualThreads(PeerSettings settings) {
    return new JdbcTemplatePeer(
        settings, Schedulers.fromExecutorService(VirtualThreads.executor()));
  }

  @Override
  public Publisher<?> write(Statement statement) {
    return Mono.fromCallable(() -> jdbc.update(statement.sql(), statement.values()))
        .subscribeOn(scheduler);
  }

  @Override
  public Publisher<?> unit(List<Statement> statements) {
    return Mono.fromRunnable(
            () ->
                transaction.executeWithoutResult(
                    status ->
                        statements.forEach(
                            statement -> jdbc.update(statement.sql(), statement.values()))))
        .subscribeOn(scheduler);
  }

  @Override
  public Publisher<Item> read(long id) {
    return Mono.fromCallable(() -> jdbc.queryForObject(Sql.READ, (row, index) -> Item.of(row), id))
        .subscribeOn(scheduler);
  }

  @Override
  public Publisher<Item> scan() {
    return Flux.fromStream(() -> jdbc.queryForStream(Sql.SCAN, (row, index) -> Item.of(row)))
        .subscribeOn(scheduler);
  }

  @Override
  public Publisher<?> bulk(Items items, long rows, int chunk) {
    return Mono.fromRunnable(
            () -> {
              for (long first = 0; first < rows; first += chunk) {
                long begin = first;
                long end = Math.min(rows, first + chunk);
                transaction.executeWithoutResult(
                    status -> jdbc.batchUpdate(Sql.INSERT, values(items, begin, end)));
              }
            })
        .subscribeOn(scheduler);
  }

  private static List<Object[]> values(Items items, long begin, long end) {
    List<Object[]> values = new ArrayList<>((int) (end - begin));
    for (long number = begin; number < end; number++) {
      values.add(items.insert(number).values());
    }
    return values;
  }

  @Override
  public void close() {
    if (scheduler != Schedulers.boundedElastic()) {
      scheduler.dispose();
    }
    pool.close();
  }
}
