package io.github.reactivesqlite.benchmarks.peer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The limit: loops over prepared statements on the driver's connections, with no scheduler, no pool
 * and nobody waiting. Builds the same records as everyone else.
 */
public final class RawJdbc {

  private static final int CLOCK_EVERY = 256;

  private final PeerSettings settings;

  /** On an existing database. */
  public RawJdbc(PeerSettings settings) {
    this.settings = settings;
  }

  /**
   * How far a loop came.
   *
   * @param operations how many
   * @param seconds how long
   */
  public record Pace(long operations, double seconds) {

    /** Operations per second. */
    public double rate() {
      return operations / seconds;
    }
  }

  /**
   * Inserts in one transaction until the time is over, then commits. The COMMIT is part of the
   * time: only then are the rows in the log.
   *
   * @param generatedKeys whether the driver fetches each key, as it does by default
   * @throws SQLException if a statement fails
   */
  public Pace insertInOneTransaction(Items items, double seconds, boolean generatedKeys)
      throws SQLException {
    try (Connection connection = settings.dataSource(generatedKeys).getConnection();
        PreparedStatement insert = connection.prepareStatement(Sql.INSERT)) {
      long begun = System.nanoTime();
      Pace inserted =
          Jdbc.inTransaction(connection, () -> insertUntil(insert, items, seconds, CLOCK_EVERY));
      return new Pace(inserted.operations(), (System.nanoTime() - begun) / 1e9);
    }
  }

  /**
   * Inserts with a COMMIT each until the time is over.
   *
   * @throws SQLException if a statement fails
   */
  public Pace insertWithAutocommit(Items items, double seconds) throws SQLException {
    try (Connection connection = settings.dataSource().getConnection();
        PreparedStatement insert = connection.prepareStatement(Sql.INSERT)) {
      return insertUntil(insert, items, seconds, 1);
    }
  }

  private static Pace insertUntil(
      PreparedStatement insert, Items items, double seconds, int clockEvery) throws SQLException {
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    long number = 0;
    do {
      for (int i = 0; i < clockEvery; i++, number++) {
        bind(insert, items.item(number));
        insert.executeUpdate();
      }
    } while (System.nanoTime() - end < 0);
    return new Pace(number, (System.nanoTime() - begun) / 1e9);
  }

  /**
   * Inserts by {@code executeBatch}, a COMMIT per chunk.
   *
   * @throws SQLException if a statement fails
   */
  public Pace batch(Items items, long rows, int chunk) throws SQLException {
    long begun = System.nanoTime();
    try (Connection connection = settings.dataSource().getConnection();
        PreparedStatement insert = connection.prepareStatement(Sql.INSERT)) {
      for (long first = 0; first < rows; first += chunk) {
        executeChunk(connection, insert, items, first, Math.min(rows, first + chunk));
      }
    }
    return new Pace(rows, (System.nanoTime() - begun) / 1e9);
  }

  static void insertChunk(Connection connection, Items items, long begin, long end)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(Sql.INSERT)) {
      executeChunk(connection, insert, items, begin, end);
    }
  }

  private static void executeChunk(
      Connection connection, PreparedStatement insert, Items items, long begin, long end)
      throws SQLException {
    Jdbc.inTransaction(
        connection,
        () -> {
          for (long number = begin; number < end; number++) {
            bind(insert, items.item(number));
            insert.addBatch();
          }
          return insert.executeBatch().length;
        });
  }

  private static void bind(PreparedStatement insert, Item item) throws SQLException {
    insert.setString(1, item.name());
    insert.setLong(2, item.score());
    insert.setString(3, item.body());
  }

  /**
   * Reads rows by random key on so many threads, each with a connection, until the time is over.
   *
   * @param rows keys 1 to this
   * @throws Exception if a statement fails or a row is missing
   */
  public Pace read(int threads, long rows, double seconds) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Long>> loops = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        loops.add(() -> readUntil(rows, seconds));
      }
      long begun = System.nanoTime();
      long operations = 0;
      for (Future<Long> loop : pool.invokeAll(loops)) {
        operations += loop.get();
      }
      return new Pace(operations, (System.nanoTime() - begun) / 1e9);
    } finally {
      pool.shutdown();
      pool.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private long readUntil(long rows, double seconds) throws SQLException {
    try (Connection connection = settings.dataSource().getConnection();
        PreparedStatement read = connection.prepareStatement(Sql.READ)) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      long end = System.nanoTime() + (long) (seconds * 1e9);
      long number = 0;
      do {
        for (int i = 0; i < CLOCK_EVERY; i++, number++) {
          long id = 1 + random.nextLong(rows);
          read.setLong(1, id);
          try (ResultSet row = read.executeQuery()) {
            if (!row.next() || Item.of(row).id() != id) {
              throw new SQLException("Row " + id + " is missing");
            }
          }
        }
      } while (System.nanoTime() - end < 0);
      return number;
    }
  }

  /**
   * Reads the whole table into records.
   *
   * @return what was read, and how long it took in seconds
   * @throws SQLException if the statement fails
   */
  public Scanned scan() throws SQLException {
    long begun = System.nanoTime();
    long count = 0;
    long sum = 0;
    try (Connection connection = settings.dataSource().getConnection();
        PreparedStatement scan = connection.prepareStatement(Sql.SCAN);
        ResultSet row = scan.executeQuery()) {
      while (row.next()) {
        Item item = Item.of(row);
        count++;
        sum += item.score();
      }
    }
    return new Scanned(new RowCount(count, sum), (System.nanoTime() - begun) / 1e9);
  }

  /**
   * A scan's result.
   *
   * @param rows what it saw
   * @param seconds how long it took
   */
  public record Scanned(RowCount rows, double seconds) {}
}
