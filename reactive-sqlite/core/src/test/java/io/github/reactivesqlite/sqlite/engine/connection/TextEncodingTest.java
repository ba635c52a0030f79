package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Row;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {

  private static final List<String> TEXTS =
      List.of("", "plain", "Zoë", "€ and \uD83D\uDE00", "a\u0000b", "x".repeat(10_000));

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16le", "UTF-16be"})
  void textsAreReadAsTheyWereWritten(String encoding) throws Exception {
    Path file = directory.resolve("texts.db");
    fill(file, encoding);

    try (SqliteDatabase database = SqliteDatabase.builder(file).build()) {
      assertThat(encodingOf(database)).isEqualTo(encoding);
      assertThat(texts(database)).containsExactlyElementsOf(TEXTS);
      assertThat(returned(database)).containsExactlyElementsOf(TEXTS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16le"})
  void aFileThatGetsItsFirstTableFromAnotherProcessIsReadAsThatOneWroteIt(String encoding)
      throws Exception {
    Path file = directory.resolve("empty.db");
    // Made by somebody else, as our own opening would already decide
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
    }
    try (SqliteDatabase database = SqliteDatabase.builder(file).build()) {
      assertThat(Bounded.get(database.query("SELECT 'é'").mapTo(String.class).one()))
          .isEqualTo("é");

      fill(file, encoding);

      assertThat(texts(database)).containsExactlyElementsOf(TEXTS);
      assertThat(returned(database)).containsExactlyElementsOf(TEXTS);
    }
  }

  @Test
  void otherStorageClassesAreNotTakenForTexts() throws Exception {
    Path file = directory.resolve("classes.db");
    fill(file, "UTF-8");

    try (SqliteDatabase database = SqliteDatabase.builder(file).build()) {
      List<Object> row =
          Bounded.get(
              database
                  .query("SELECT NULL, x'', x'c3a9', 'é', 7, 0.5")
                  .map(TextEncodingTest::everything)
                  .one());

      assertThat(row.get(0)).isNull();
      assertThat((byte[]) row.get(1)).isEmpty();
      assertThat((byte[]) row.get(2)).containsExactly(0xc3, 0xa9);
      assertThat(row.subList(3, 6)).containsExactly("é", 7L, 0.5);
    }
  }

  @Test
  void aTextIsATextHoweverOftenItIsRead() throws Exception {
    Path file = directory.resolve("twice.db");
    fill(file, "UTF-8");

    try (SqliteDatabase database = SqliteDatabase.builder(file).build()) {
      List<Object> values =
          Bounded.get(
              database
                  .query("SELECT text FROM t WHERE id = 3")
                  .map(
                      row ->
                          List.<Object>of(
                              row.getString(1),
                              row.get(1, Object.class),
                              row.getString(1),
                              row.get("text", String.class)))
                  .one());

      assertThat(values).containsOnly(TEXTS.get(2)).hasSize(4);
    }
  }

  private static List<Object> everything(Row row) {
    return Arrays.asList(
        row.getString(1),
        row.getBytes(2),
        row.getBytes(3),
        row.getString(4),
        row.getLong(5),
        row.getDouble(6));
  }

  private static void fill(Path file, String encoding) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA encoding = '" + encoding + "'");
        statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
      }
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t (text) VALUES (?)")) {
        for (String text : TEXTS) {
          insert.setString(1, text);
          insert.executeUpdate();
        }
      }
    }
  }

  private static String encodingOf(SqliteDatabase database) {
    return Bounded.get(
        database.query("SELECT encoding FROM pragma_encoding").mapTo(String.class).one());
  }

  private static List<String> texts(SqliteDatabase database) {
    return Bounded.get(
        database.query("SELECT text FROM t ORDER BY id").mapTo(String.class).all().collectList());
  }

  private static List<String> returned(SqliteDatabase database) {
    return Bounded.get(
        database
            .update("UPDATE t SET text = text RETURNING text")
            .returning(String.class)
            .all()
            .collectList());
  }
}
