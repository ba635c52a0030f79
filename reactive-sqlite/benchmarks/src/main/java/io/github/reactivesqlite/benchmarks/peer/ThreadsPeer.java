package io.github.reactivesqlite.benchmarks.peer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.reactivestreams.Publisher;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What applications without a database layer do: a fixed number of threads, and a connection either
 * per operation or per thread; on "database is locked" they wait and try again.
 */
final class ThreadsPeer implements Peer {

  /** As many workers as the applications had that we know of. */
  static final int THREADS = 16;

  private static final int ATTEMPTS = 10;
  private static final long FIRST_WAIT_MILLIS = 50;
  private static final long LONGEST_WAIT_MILLIS = 2_000;
  private static final long JITTER_MILLIS = 50;

  private final DataSource source;
  private final boolean perThread;
  private final Scheduler threads;
  private final Queue<Connection> opened = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Connection> own;

  private ThreadsPeer(PeerSettings settings, boolean perThread) {
    this.source = settings.dataSource();
    this.perThread = perThread;
    this.threads = Schedulers.fromExecutorService(Executors.newFixedThreadPool(THREADS), "peer");
    this.own = ThreadLocal.withInitial(this::openForThread);
  }

  static Peer connectionPerOperation(PeerSettings settings) {
    return new ThreadsPeer(settings, false);
  }

  static Peer threadLocalConnections(PeerSettings settings) {
    return new ThreadsPeer(settings, true);
  }

  @Override
  public Publisher<?> write(Statement statement) {
    return call(connection -> Jdbc.write(connection, statement));
  }

  @Override
  public Publisher<?> unit(List<Statement> statements) {
    return call(connection -> Jdbc.unit(connection, statements));
  }

  @Override
  public Publisher<Item> read(long id) {
    return this.<Item>call(connection -> Jdbc.read(connection, id));
  }

  @Override
  public Publisher<Item> scan() {
    return Cursor.scan(perThread ? own::get : source::getConnection, !perThread)
        .subscribeOn(threads);
  }

  @Override
  public Publisher<?> bulk(Items items, long rows, int chunk) {
    return call(connection -> Jdbc.bulk(connection, items, rows, chunk));
  }

  private interface ConnectionCall<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> Mono<T> call(ConnectionCall<T> work) {
    return Mono.fromCallable(() -> perThread ? retried(work) : once(work)).subscribeOn(threads);
  }

  private <T> T once(ConnectionCall<T> work) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return work.on(connection);
    }
  }

  private <T> T retried(ConnectionCall<T> work) throws SQLException {
    long wait = FIRST_WAIT_MILLIS;
    for (int attempt = 1; ; attempt++) {
      try {
        return work.on(own.get());
      } catch (SQLiteException failed) {
        if (attempt == ATTEMPTS || !isLocked(failed)) {
          throw failed;
        }
        long jitter = ThreadLocalRandom.current().nextLong(JITTER_MILLIS);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(wait + jitter));
        wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
      }
    }
  }

  private static boolean isLocked(SQLiteException failed) {
    int code = failed.getResultCode().code & 0xff;
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  private Connection openForThread() {
    try {
      Connection connection = source.getConnection();
      opened.add(connection);
      return connection;
    } catch (SQLException failed) {
      throw new IllegalStateException("A connection could not be opened", failed);
    }
  }

  @Override
  public void close() {
    threads.disposeGracefully().block(Duration.ofSeconds(30));
    for (Connection connection : opened) {
      try {
        connection.close();
      } catch (SQLException failed) {
        throw new IllegalStateException("A connection could not be closed", failed);
      }
    }
  }
}
