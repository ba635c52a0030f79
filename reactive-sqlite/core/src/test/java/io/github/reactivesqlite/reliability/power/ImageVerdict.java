package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.reliability.power.Marks.Phase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A database after a power loss, held against what had been said until then. Complaints are about
 * what must never be, whatever the durability; what is lost is for the test to judge.
 */
final class ImageVerdict {

  private final Knowledge knowledge;
  private final List<String> complaints = new ArrayList<>();
  private final Set<Long> present = new HashSet<>();
  private int lost;
  private boolean corrupt;

  private ImageVerdict(Knowledge knowledge) {
    this.knowledge = knowledge;
  }

  /** Judges the files in this directory. */
  static ImageVerdict of(Path directory, Knowledge knowledge, boolean openWithLibrary) {
    ImageVerdict verdict = new ImageVerdict(knowledge);
    Path file = directory.resolve(RecordedWriter.FILE);
    if (openWithLibrary) {
      verdict.openWithLibrary(file);
    }
    verdict.judge(file, knowledge.acknowledged());
    verdict.judgeBackup(directory.resolve(RecordedWriter.COPY));
    return verdict;
  }

  /** It has to come up and to serve, as on any other day. */
  private void openWithLibrary(Path file) {
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      complaints.addAll(
          Objects.requireNonNull(Bounded.get(database.maintenance().integrityCheck())).problems());
      Bounded.get(
          database.script("CREATE TABLE after_power_loss (x); DROP TABLE after_power_loss"));
    } catch (RuntimeException e) {
      complaints.add("the library says: " + e);
    }
  }

  private void judge(Path file, Map<Long, Integer> acknowledged) {
    if (!Files.exists(file)) {
      compare(acknowledged);
      return;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      // Only of this look at it, which nothing can interrupt
      statement.execute("PRAGMA synchronous=OFF");
      if (integrity(statement)) {
        read(statement);
        compare(acknowledged);
      }
    } catch (SQLException e) {
      corrupt = true;
      complaints.add(file.getFileName() + ": " + e.getMessage());
    }
  }

  private boolean integrity(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check(3)")) {
      while (rows.next()) {
        if (!"ok".equals(rows.getString(1))) {
          corrupt = true;
          complaints.add("integrity: " + rows.getString(1));
        }
      }
    }
    return !corrupt;
  }

  private void read(Statement statement) throws SQLException {
    if (number(statement, Tables.EXISTS.formatted("ballast")) == 0) {
      if (number(statement, "SELECT count(*) FROM sqlite_schema") > 0) {
        complaints.add("half a schema");
      }
      return;
    }
    try (ResultSet rows = statement.executeQuery(Tables.UNITS)) {
      while (rows.next()) {
        judgeUnit(rows.getLong(1), rows.getInt(2), rows.getInt(3), rows.getInt(4));
      }
    }
    complainUnlessZero(statement, Tables.ROWS_WRONGLY_COUNTED, "rows are wrongly counted");
    judgeBallast(statement);
    judgeMigrations(statement);
  }

  private void judgeUnit(long unit, int rows, int parts, int torn) {
    present.add(unit);
    if (knowledge.fails(unit)) {
      complaints.add("failed, but there: " + unit);
    } else if (!knowledge.hasBegun(unit)) {
      complaints.add("from the future: " + unit);
    } else if (rows != parts || parts != knowledge.parts(unit)) {
      complaints.add("in part, or twice: " + unit + ", rows " + rows + ", parts " + parts);
    }
    if (torn > 0) {
      complaints.add("torn: " + unit);
    }
  }

  private void judgeBallast(Statement statement) throws SQLException {
    long rows = number(statement, Tables.BALLAST_ROWS);
    if (rows != 0 && rows != Tables.BALLAST && rows != Tables.BALLAST / 2) {
      complaints.add("rows of ballast: " + rows);
    }
    if (rows != 0 && !knowledge.hasBegun(Phase.FILL)
        || rows == Tables.BALLAST / 2 && !knowledge.hasBegun(Phase.THIN_OUT)) {
      complaints.add("ballast from the future: " + rows);
    }
    if (knowledge.hasEnded(Phase.FILL) && rows == 0
        || knowledge.hasEnded(Phase.THIN_OUT) && rows != Tables.BALLAST / 2) {
      lost++;
    }
    complainUnlessZero(statement, Tables.BALLAST_TORN, "torn rows of ballast");
  }

  private void judgeMigrations(Statement statement) throws SQLException {
    boolean hasHistory = number(statement, Tables.EXISTS.formatted(Tables.HISTORY)) > 0;
    long version = hasHistory ? number(statement, Tables.VERSION) : 0;
    long columns = number(statement, Tables.COLUMNS);
    // One column comes with each of the two
    if (columns != 2 + version) {
      complaints.add("half a migration: version " + version + ", columns " + columns);
    } else if (version > 0) {
      complainUnlessZero(statement, Tables.WITHOUT_NOTE, "half a migration: rows without a note");
    }
    if (version > 0 && !knowledge.hasBegun(Phase.MIGRATION)) {
      complaints.add("a migration from the future");
    }
    if (knowledge.hasEnded(Phase.MIGRATION) && version < Tables.MIGRATIONS.size()) {
      lost++;
    }
  }

  private void compare(Map<Long, Integer> acknowledged) {
    int latest = present.stream().mapToInt(knowledge::begunAt).max().orElse(-1);
    acknowledged.forEach(
        (unit, time) -> {
          if (present.contains(unit)) {
            return;
          }
          lost++;
          if (time < latest) {
            complaints.add("a hole: " + unit + " is gone, and a later unit is there");
          }
          if (time < knowledge.logFlushed()) {
            complaints.add("gone although the log was flushed later: " + unit);
          }
        });
  }

  /** There as a whole or not at all, and for certain when its end was told. */
  private void judgeBackup(Path copy) {
    if (!Files.exists(copy)) {
      if (knowledge.hasEnded(Phase.BACKUP)) {
        complaints.add("the backup is gone");
      }
      return;
    }
    if (!knowledge.hasBegun(Phase.BACKUP)) {
      complaints.add("a backup from the future");
    }
    ImageVerdict ofCopy = new ImageVerdict(knowledge);
    ofCopy.judge(copy, knowledge.acknowledgedBeforeBackup());
    ofCopy.complaints.forEach(complaint -> complaints.add("backup: " + complaint));
    if (ofCopy.lost > 0 || ofCopy.present.isEmpty()) {
      complaints.add("the backup lacks " + ofCopy.lost + " units, has " + ofCopy.present.size());
    }
  }

  private void complainUnlessZero(Statement statement, String sql, String complaint)
      throws SQLException {
    long number = number(statement, sql);
    if (number != 0) {
      complaints.add(complaint + ": " + number);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** What must never be, at any durability; empty is good. */
  List<String> complaints() {
    return complaints;
  }

  /** How many acknowledged units and changes are gone. */
  int lost() {
    return lost;
  }

  /** Whether SQLite itself finds something wrong. */
  boolean isCorrupt() {
    return corrupt;
  }
}
