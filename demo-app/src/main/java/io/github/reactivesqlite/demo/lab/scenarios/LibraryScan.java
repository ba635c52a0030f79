package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.Expectation;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Scenario;
import io.github.reactivesqlite.demo.lab.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A music library: a bulk scan for minutes while workers and a web page read and write. */
final class LibraryScan implements Scenario {

  static final int TRACKS_PER_ALBUM = 12;
  static final int ALBUMS_PER_ARTIST = 5;

  /** Tracks that were there before. */
  static final int OLD_TRACKS = 2_000;

  /** Of these, files that have vanished. */
  static final int VANISHED = 500;

  static final int PAGE_READERS = 2;

  /** Reading the tags of a file. */
  static final Duration READ_TAGS = Duration.ofMillis(1);

  /** Between two things that a background worker does. */
  static final Duration WORK = Duration.ofMillis(50);

  static final Duration BROWSE = Duration.ofMillis(20);

  /** Where in the side's time the scan begins and ends, and the cleaning follows. */
  static final double SCAN_BEGINS = 0.2;

  static final double SCAN_ENDS = 0.85;

  static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE artist (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
          "CREATE TABLE album (id INTEGER PRIMARY KEY, artist_id INTEGER NOT NULL, name TEXT NOT"
              + " NULL)",
          "CREATE TABLE track (id INTEGER PRIMARY KEY, album_id INTEGER NOT NULL, title TEXT NOT"
              + " NULL, plays INTEGER NOT NULL DEFAULT 0, vanished INTEGER NOT NULL DEFAULT 0)",
          "CREATE INDEX track_album ON track (album_id)");

  static final String PAGE =
      "SELECT album.name, count(*), sum(plays) FROM album JOIN track ON track.album_id = album.id"
          + " WHERE album.id BETWEEN ? AND ? GROUP BY album.id";

  @Override
  public String name() {
    return "library-scan";
  }

  @Override
  public String title() {
    return "Music library";
  }

  @Override
  public String story() {
    return "A scan writes artists, albums and tracks in one transaction, while 8 background workers"
        + " count plays and the web page reads. Rows of vanished files are removed at the end."
        + " Busy timeout 60 s, WAL; three tries from 0.5 s on where a worker reads before it writes.";
  }

  @Override
  public String operation() {
    return "write of a background worker";
  }

  @Override
  public int defaultWorkers() {
    return 8;
  }

  @Override
  public int defaultSeconds() {
    return 10;
  }

  @Override
  public List<Step> steps() {
    return List.of(Step.before(new LibraryScanOnJdbc()), Step.after(new LibraryScanOnLibrary()));
  }

  @Override
  public List<Metric> table() {
    return List.of(
        Metric.SCAN_ROWS,
        Metric.OPERATIONS,
        Metric.RATE,
        Metric.LOCK_ERRORS,
        Metric.RETRIES,
        Metric.GIVEN_UP,
        Metric.FAILURE_RATE,
        Metric.WRITE_MEAN,
        Metric.WRITE_P50,
        Metric.WRITE_P99,
        Metric.WRITE_MAX,
        Metric.QUIET_READ_P99,
        Metric.READ_P99,
        Metric.HOLD_MAX,
        Metric.COMMIT_MAX,
        Metric.ROWS_CLEANED,
        Metric.METERS);
  }

  @Override
  public List<Metric> chart() {
    return List.of(Metric.RATE, Metric.WRITE_MEAN, Metric.WRITE_MAX);
  }

  @Override
  public List<Expectation> expectations() {
    return List.of(
        Expectation.atLeast(Metric.SCAN_ROWS, 100),
        Expectation.none(Metric.LOCK_ERRORS),
        Expectation.none(Metric.FAILURE_RATE),
        Expectation.below(Metric.WRITE_MEAN, 50),
        Expectation.below(Metric.WRITE_P99, 10),
        Expectation.atMost(Metric.WRITE_MAX, 5_000),
        Expectation.below(Metric.READ_P99, 20),
        Expectation.exactly(Metric.ROWS_CLEANED, VANISHED),
        Expectation.atLeast(Metric.METERS, 6));
  }

  @Override
  public Map<Metric, String> reported() {
    return Map.of(
        Metric.FAILURE_RATE, "5–10 %",
        Metric.WRITE_MAX, "60 s",
        Metric.HOLD_MAX, "minutes");
  }

  static String artist(long track) {
    return "Artist " + track / (TRACKS_PER_ALBUM * ALBUMS_PER_ARTIST);
  }

  static long album(long track) {
    return track / TRACKS_PER_ALBUM;
  }
}
