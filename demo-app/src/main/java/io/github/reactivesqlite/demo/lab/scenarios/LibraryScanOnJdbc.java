package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Tally.Timing;
import io.github.reactivesqlite.demo.lab.Trial;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The music library on the driver: one transaction for the scan. */
final class LibraryScanOnJdbc implements Step.Side {

  private static final PlainJdbc SETTINGS = new PlainJdbc(60_000, List.of("journal_mode=WAL"));
  private static final LockRetries RETRIES =
      new LockRetries(2, Duration.ofMillis(500), 2, Duration.ofSeconds(5), Duration.ZERO);

  @Override
  public void run(Trial trial) throws Exception {
    Path file = trial.file("music.db");
    trial.tally().add(Metric.LOCK_ERRORS, 0);
    trial.tally().add(Metric.RETRIES, 0);
    trial.tally().add(Metric.GIVEN_UP, 0);
    prepare(file);
    trial.begin();
    int workers = trial.workers();
    trial.inParallel(
        workers + LibraryScan.PAGE_READERS + 1,
        index -> {
          try (Connection connection = SETTINGS.open(file)) {
            if (index < workers) {
              work(trial, connection, index);
            } else if (index < workers + LibraryScan.PAGE_READERS) {
              browse(trial, connection);
            } else {
              scan(trial, connection);
            }
          }
        });
    trial.end();
  }

  private static void prepare(Path file) throws SQLException {
    try (Connection connection = SETTINGS.open(file)) {
      PlainJdbc.run(connection, LibraryScan.SCHEMA);
      connection.setAutoCommit(false);
      for (long track = 0; track < LibraryScan.OLD_TRACKS; track++) {
        add(connection, track, track < LibraryScan.VANISHED);
      }
      connection.commit();
    }
  }

  private static int add(Connection connection, long track, boolean vanished) throws SQLException {
    String artist = LibraryScan.artist(track);
    int rows =
        PlainJdbc.update(connection, "INSERT OR IGNORE INTO artist (name) VALUES (?)", artist);
    if (track % LibraryScan.TRACKS_PER_ALBUM == 0) {
      rows +=
          PlainJdbc.update(
              connection,
              "INSERT INTO album (id, artist_id, name) SELECT ?, id, ? FROM artist WHERE name = ?",
              LibraryScan.album(track),
              "Album " + LibraryScan.album(track),
              artist);
    }
    return rows
        + PlainJdbc.update(
            connection,
            "INSERT INTO track (album_id, title, vanished) VALUES (?, ?, ?)",
            LibraryScan.album(track),
            "Track " + track,
            vanished ? 1 : 0);
  }

  private static void scan(Trial trial, Connection connection)
      throws SQLException, InterruptedException {
    trial.pause(part(trial, LibraryScan.SCAN_BEGINS));
    connection.setAutoCommit(false);
    long held = 0;
    int rows = 0;
    for (long track = LibraryScan.OLD_TRACKS;
        trial.part() < LibraryScan.SCAN_ENDS && !trial.cancelled();
        track++) {
      trial.pause(LibraryScan.READ_TAGS);
      rows += add(connection, track, false);
      held = held == 0 ? System.nanoTime() : held;
    }
    connection.commit();
    trial.tally().greatest(Metric.HOLD_MAX, (System.nanoTime() - held) / 1e6);
    trial.tally().add(Metric.SCAN_ROWS, rows);
    int removed = PlainJdbc.update(connection, "DELETE FROM track WHERE vanished = 1");
    connection.commit();
    trial.tally().add(Metric.ROWS_CLEANED, removed);
  }

  private static void work(Trial trial, Connection connection, int worker)
      throws SQLException, InterruptedException {
    for (int turn = 0; trial.running(); turn++) {
      trial.pause(LibraryScan.WORK);
      int track = LibraryScan.VANISHED + 1 + (worker * 97 + turn) % 1_000;
      boolean readsFirst = turn % 2 == 0;
      long since = System.nanoTime();
      boolean done =
          RETRIES.run(
              trial,
              () -> {
                if (readsFirst) {
                  countFromProgram(connection, track);
                } else {
                  PlainJdbc.update(
                      connection, "UPDATE track SET plays = plays + 1 WHERE id = ?", track);
                }
              });
      trial.tally().time(Timing.WRITE, since);
      trial.tally().count(done ? Metric.OPERATIONS : Metric.GIVEN_UP);
    }
  }

  /** The row is loaded, changed and saved, as an object-relational mapper does it. */
  private static void countFromProgram(Connection connection, int track) throws SQLException {
    connection.setAutoCommit(false);
    try {
      long plays = PlainJdbc.number(connection, "SELECT plays FROM track WHERE id = ?", track);
      PlainJdbc.update(connection, "UPDATE track SET plays = ? WHERE id = ?", plays + 1, track);
      connection.commit();
    } catch (SQLException e) {
      PlainJdbc.rollback(connection);
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void browse(Trial trial, Connection connection)
      throws SQLException, InterruptedException {
    try (PreparedStatement page = connection.prepareStatement(LibraryScan.PAGE)) {
      for (int turn = 0; trial.running(); turn++) {
        trial.pause(LibraryScan.BROWSE);
        int album = turn * 7 % 100;
        Timing timing = trial.part() < LibraryScan.SCAN_BEGINS ? Timing.QUIET_READ : Timing.READ;
        long since = System.nanoTime();
        page.setInt(1, album);
        page.setInt(2, album + 50);
        try (ResultSet rows = page.executeQuery()) {
          while (rows.next()) {
            rows.getLong(3);
          }
        }
        trial.tally().time(timing, since);
      }
    }
  }

  static Duration part(Trial trial, double part) {
    return Duration.ofNanos((long) (part * trial.duration().toNanos()));
  }
}
