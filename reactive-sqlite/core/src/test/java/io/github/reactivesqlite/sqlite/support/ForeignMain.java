package io.github.reactivesqlite.sqlite.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The program of a {@link ForeignProcess}: a statement a line, an answer a line. */
final class ForeignMain {

  static final String OK = "ok";

  private ForeignMain() {}

  public static void main(String[] arguments) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
        Statement statement = connection.createStatement();
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      statement.execute("PRAGMA busy_timeout = 5000");
      System.out.println(OK);
      for (String sql = commands.readLine(); sql != null; sql = commands.readLine()) {
        System.out.println(answer(statement, sql));
      }
    }
  }

  private static String answer(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return OK;
    } catch (SQLException failed) {
      return failed.getMessage().replace('\n', ' ');
    }
  }
}
