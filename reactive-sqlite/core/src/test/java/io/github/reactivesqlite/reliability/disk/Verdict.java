package io.github.reactivesqlite.reliability.disk;

import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A ledger held against the database after its process is gone: what was acknowledged is there,
 * what failed is not, and nothing is there twice or in part.
 */
public final class Verdict {

  private record Unit(Way way, Fate fate) {}

  /** The rows of one unit. */
  private record Rows(long unit, long rows, long parts) {}

  private final Map<Long, Unit> ledger = new HashMap<>();
  private final List<String> complaints = new ArrayList<>();
  private int presentUnacknowledged;
  private int presentUnknown;
  private int lost;

  private Verdict() {}

  /** Reads the ledgers, opens the file, and looks at every row. */
  public static Verdict of(List<Path> journals, Path file) throws IOException {
    Verdict verdict = new Verdict();
    for (Path journal : journals) {
      verdict.read(journal);
    }
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      verdict.compare(database);
    }
    return verdict;
  }

  private void read(Path journal) throws IOException {
    for (String line : Files.readAllLines(journal)) {
      String[] words = line.split(" ");
      ledger.merge(
          Long.parseLong(words[2]),
          new Unit(Way.valueOf(words[1]), Fate.valueOf(words[0])),
          Verdict::answeredOnce);
    }
  }

  private static Unit answeredOnce(Unit before, Unit now) {
    if (before.fate() != Fate.STARTED) {
      throw new AssertionError("Answered twice: " + before + ", then " + now);
    }
    return now;
  }

  private void compare(SqliteDatabase database) {
    List<Rows> found = hasTable(database) ? rows(database) : List.of();
    Map<Long, Rows> present = new HashMap<>();
    found.forEach(rows -> present.put(rows.unit(), rows));
    ledger.forEach((unit, noted) -> judge(unit, noted, present.remove(unit)));
    present.keySet().forEach(unit -> complaints.add("never written: " + unit));
    complaints.addAll(
        Objects.requireNonNull(Bounded.get(database.maintenance().integrityCheck())).problems());
  }

  /** It may have been killed before it made the table. */
  private static boolean hasTable(SqliteDatabase database) {
    return Objects.requireNonNull(
            Bounded.get(
                database
                    .query("SELECT count(*) FROM sqlite_schema WHERE name = 'entry'")
                    .mapTo(Long.class)
                    .one()))
        > 0;
  }

  private static List<Rows> rows(SqliteDatabase database) {
    return Objects.requireNonNull(
        Bounded.get(
            database
                .query("SELECT unit, count(*), count(DISTINCT part) FROM entry GROUP BY unit")
                .map(row -> new Rows(row.getLong(1), row.getLong(2), row.getLong(3)))
                .all()
                .collectList()));
  }

  private void judge(long number, Unit unit, @Nullable Rows rows) {
    String name = unit + " " + number;
    if (rows == null) {
      if (unit.fate() == Fate.ACKNOWLEDGED) {
        lost++;
        complaints.add("lost: " + name);
      }
      return;
    }
    if (rows.rows() != rows.parts()) {
      complaints.add("twice: " + name + " " + rows);
    } else if (rows.parts() != unit.way().parts()) {
      complaints.add("in part: " + name + " " + rows);
    }
    switch (unit.fate()) {
      case FAILED -> complaints.add("failed, but there: " + name);
      case STARTED -> presentUnacknowledged++;
      case UNKNOWN -> presentUnknown++;
      case ACKNOWLEDGED -> {}
    }
  }

  /** Everything that must not be; empty is good. */
  public List<String> complaints() {
    return complaints;
  }

  /** How many units have this fate. */
  public int count(Fate fate) {
    return (int) ledger.values().stream().filter(unit -> unit.fate() == fate).count();
  }

  /** How many units are there that nobody was told about. */
  public int presentUnacknowledged() {
    return presentUnacknowledged;
  }

  /** How many units with an unknown outcome turned out to be committed. */
  public int presentUnknown() {
    return presentUnknown;
  }

  @Override
  public String toString() {
    return String.format(
        "acknowledged %d (%d lost), failed %d, unknown %d (%d there), in flight %d (%d there)",
        count(Fate.ACKNOWLEDGED),
        lost,
        count(Fate.FAILED),
        count(Fate.UNKNOWN),
        presentUnknown,
        count(Fate.STARTED),
        presentUnacknowledged);
  }
}
