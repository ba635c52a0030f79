package io.github.reactivesqlite.reliability.history;

import io.github.reactivesqlite.ReadSession;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The tables that the processes share, and how they are read in the end. */
final class HistoryFile {

  static final int COUNTERS = 3;
  static final int ROWS = 4;
  static final int SIDE_ROWS = 4;

  private static final Duration STEP = Duration.ofSeconds(60);

  private static final String TABLES =
      """
      CREATE TABLE entry (seq INTEGER PRIMARY KEY, unit TEXT NOT NULL, n INTEGER CHECK (n >= 0),
                          first INTEGER NOT NULL, size INTEGER NOT NULL, UNIQUE (unit, n));
      CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
      CREATE TABLE versioned (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, writer TEXT NOT NULL);
      CREATE TABLE claim (id INTEGER PRIMARY KEY, owner TEXT NOT NULL);
      CREATE TABLE left_side (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
      CREATE TABLE right_side (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
      CREATE TABLE parent (id TEXT PRIMARY KEY);
      CREATE TABLE child (parent TEXT NOT NULL
                          REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE trip_fail (unit TEXT, n INTEGER);
      CREATE TABLE trip_abort (unit TEXT, n INTEGER);
      CREATE TABLE trip_rollback (unit TEXT, n INTEGER);
      """;

  /** The entry is there already when the third row trips. */
  private static final String TRIGGER =
      """
      CREATE TRIGGER on_trip_%1$s AFTER INSERT ON trip_%1$s BEGIN
        INSERT INTO entry (unit, n, first, size) VALUES (NEW.unit, NEW.n, 0, 3);
        SELECT RAISE(%1$s, 'tripped') WHERE NEW.n = 2;
      END;
      """;

  private HistoryFile() {}

  static void create(SqliteDatabase database) {
    StringBuilder script = new StringBuilder(TABLES);
    for (String how : List.of("fail", "abort", "rollback")) {
      script.append(TRIGGER.formatted(how));
    }
    for (int id = 0; id < COUNTERS; id++) {
      script.append("INSERT INTO counter VALUES (%d, 0);\n".formatted(id));
    }
    for (int id = 0; id < ROWS; id++) {
      script.append("INSERT INTO versioned VALUES (%d, 0, '');\n".formatted(id));
    }
    for (int id = 0; id < SIDE_ROWS; id++) {
      long each = Content.BOTH_SIDES / 2 / SIDE_ROWS;
      script.append("INSERT INTO left_side VALUES (%d, %d);\n".formatted(id, each));
      script.append("INSERT INTO right_side VALUES (%d, %d);\n".formatted(id, each));
    }
    database.script(script.toString()).block(STEP);
  }

  static Content read(SqliteDatabase database) {
    return database.read(HistoryFile::read).blockOptional(STEP).orElseThrow();
  }

  private static Content read(ReadSession session) {
    return new Content(
        session
            .query("SELECT seq, unit, n, first, size FROM entry ORDER BY seq")
            .mapTo(Content.Entry.class)
            .all(),
        session.query("SELECT id, n FROM counter").mapTo(Counter.class).all().stream()
            .collect(Collectors.toMap(Counter::id, Counter::n)),
        session.query("SELECT id, version, writer FROM versioned").mapTo(Row.class).all().stream()
            .collect(
                Collectors.toMap(Row::id, row -> new Content.Version(row.version(), row.writer()))),
        session.query("SELECT id, owner FROM claim").mapTo(Claim.class).all().stream()
            .collect(Collectors.toMap(Claim::id, Claim::owner)),
        sum(session, "left_side"),
        sum(session, "right_side"));
  }

  private static long sum(ReadSession session, String side) {
    return session.query("SELECT sum(n) FROM " + side).mapTo(Long.class).one().orElseThrow();
  }

  record Counter(long id, long n) {}

  record Row(long id, long version, String writer) {}

  record Claim(long id, String owner) {}
}
