package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.reliability.power.Marks.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Writes as {@link RecordedWriter} does, without the library and without flushing anything. */
final class CarelessWriter {

  private static final int PARTS = 2;

  private CarelessWriter() {}

  /** Arguments: the directory, the file of marks, how many units. */
  public static void main(String[] arguments) throws SQLException, IOException {
    Path file = Path.of(arguments[0], RecordedWriter.FILE);
    try (Marks marks = new Marks(Path.of(arguments[1]));
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      marks.note(Phase.SCHEMA.begin());
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=OFF");
        statement.execute("PRAGMA wal_autocheckpoint=20");
        statement.executeUpdate(Tables.SCHEMA);
      }
      marks.note(Phase.SCHEMA.end());
      connection.setAutoCommit(false);
      write(connection, marks, Integer.parseInt(arguments[2]));
      System.out.println(RecordedWriter.DONE);
      System.in.read();
      Runtime.getRuntime().halt(0);
    }
  }

  private static void write(Connection connection, Marks marks, int units) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO entry (unit, part) VALUES (?, ?)")) {
      for (int unit = 0; unit < units; unit++) {
        marks.begun(unit, PARTS);
        for (int part = 0; part < PARTS; part++) {
          insert.setInt(1, unit);
          insert.setInt(2, part);
          insert.executeUpdate();
        }
        connection.commit();
        marks.acknowledged(unit);
      }
    }
  }
}
