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

  /** Before each answer: loggers and the JVM write to the same place. */
  static final String ANSWER = "answer: ";

  static final String OK = "ok";
  static final String CLOSE = "close";
  static final String OPEN = "open";

  private ForeignMain() {}

  public static void main(String[] arguments) throws SQLException, IOException {
    String url = "jdbc:sqlite:" + arguments[0];
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (serve(url, commands)) {
      // The connection is closed, and the next one comes
    }
  }

  /** Serves one connection; whether another one is wanted. */
  private static boolean serve(String url, BufferedReader commands)
      throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      // Without a look at the file it would not be open yet
      statement.execute("SELECT count(*) FROM sqlite_schema");
      say(OK);
      for (String sql = commands.readLine(); sql != null; sql = commands.readLine()) {
        if (sql.equals(CLOSE)) {
          connection.close();
          say(OK);
          return commands.readLine() != null;
        }
        say(answer(statement, sql));
      }
      return false;
    }
  }

  private static void say(String answer) {
    System.out.println(ANSWER + answer);
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
