package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.Migration;
import java.util.List;

/**
 * The tables of a recorded database. A trigger gives each row a content that can be worked out from
 * its numbers, in one page or several, and counts the rows, so that a lost or a torn page shows.
 */
final class Tables {

  private static final String BODY =
      "replace(hex(zeroblob(5 + 5 * (%1$sunit %% 13) * (%1$sunit %% 13))), '00',"
          + " %1$sunit || '-' || %1$spart || ';')";

  static final String SCHEMA =
      """
      CREATE TABLE entry (unit INTEGER, part INTEGER CHECK (part >= 0), body);
      CREATE INDEX entry_unit ON entry (unit, part);
      CREATE TABLE tally (rows INTEGER);
      INSERT INTO tally VALUES (0);
      CREATE TRIGGER entry_content AFTER INSERT ON entry BEGIN
        UPDATE entry SET body = %s WHERE rowid = new.rowid;
        UPDATE tally SET rows = rows + 1;
      END;
      CREATE TABLE ballast (id INTEGER PRIMARY KEY, body TEXT);
      """
          .formatted(BODY.formatted("new."));

  /** What there is of each unit. */
  static final String UNITS =
      "SELECT unit, count(*), count(DISTINCT part), sum(body IS NOT "
          + BODY.formatted("")
          + ") FROM entry NOT INDEXED GROUP BY unit";

  static final String ROWS_WRONGLY_COUNTED =
      "SELECT rows - (SELECT count(*) FROM entry) FROM tally";

  static final int BALLAST = 300;

  static final String FILL =
      """
      INSERT INTO ballast (id, body)
      WITH RECURSIVE number (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM number WHERE id < %d)
      SELECT id, printf('%%.1000c', 'x') || id FROM number
      """
          .formatted(BALLAST);

  static final String THIN_OUT = "DELETE FROM ballast WHERE id % 2 = 0";

  static final String BALLAST_ROWS = "SELECT count(*) FROM ballast";

  static final String BALLAST_TORN =
      "SELECT count(*) FROM ballast WHERE body IS NOT printf('%.1000c', 'x') || id";

  /** A column with a value in every row; then the table anew. */
  static final List<Migration> MIGRATIONS =
      List.of(
          Migration.of(
              1,
              "a note on all",
              "ALTER TABLE ballast ADD COLUMN note TEXT; UPDATE ballast SET note = 'noted';"),
          Migration.of(
                  2,
                  "the table anew",
                  """
                  CREATE TABLE heavier (id INTEGER PRIMARY KEY, body TEXT, note TEXT, weight INTEGER);
                  INSERT INTO heavier SELECT id, body, note, length(body) FROM ballast;
                  DROP TABLE ballast;
                  ALTER TABLE heavier RENAME TO ballast;
                  """)
              .rebuild());

  static final String HISTORY = "reactive_sqlite_migration";

  static final String VERSION = "SELECT max(version) FROM " + HISTORY;

  static final String COLUMNS = "SELECT count(*) FROM pragma_table_info('ballast')";

  static final String WITHOUT_NOTE = "SELECT count(*) FROM ballast WHERE note IS NOT 'noted'";

  static final String EXISTS =
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '%s'";

  private Tables() {}
}
