package io.github.reactivesqlite.demo.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Nested
  class InWalMode {

    @Test
    void healthyFileIsDescribedAndLeftAsItWas() throws IOException {
      Path file = walDatabase();
      byte[] before = Files.readAllBytes(file);

      assertThat(run(file.toString())).isEqualTo(Doctor.OK);

      assertThat(said())
          .contains("Journal mode    wal")
          .contains("WAL size        no log")
          .contains("Integrity       ok")
          .containsPattern("synchronous +full")
          .containsPattern("foreign_keys +1")
          .containsPattern("Advice +nothing to do");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      assertThat(filesIn(folder)).containsExactly("x.db");
    }

    @Test
    void fileForEverybodyIsNoticed() throws IOException {
      Path file = walDatabase();
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

      assertThat(run(file.toString())).isEqualTo(Doctor.OK);
      assertThat(said()).contains("chmod 600");
    }

    @Test
    void damageIsFound() throws IOException {
      Path file = walDatabase();
      scribble(file, 4096 + 100);

      assertThat(run(file.toString())).isEqualTo(Doctor.PROBLEMS);
      assertThat(said()).contains("damaged");
    }

    @Test
    @Tag("process")
    void fileInUseIsLeftInPeaceAndItsUserIsNamed() throws Exception {
      Path file = walDatabase();
      try (OtherProcess other = OtherProcess.writingTo(file)) {
        assertThat(run(file.toString())).as(said()).isEqualTo(Doctor.OK);

        assertThat(said()).contains("Integrity       ok");
        if (Files.exists(Path.of("/proc/locks"))) {
          assertThat(said())
              .contains("Lock holders    1")
              .containsPattern(other.id() + " \\w+: .*writes");
        } else {
          assertThat(said()).contains("not available on this system");
        }
        other.commitAndClose();
      }
      assertThat(filesIn(folder)).containsExactly("x.db");
    }
  }

  @Nested
  class WithARollbackJournal {

    @Test
    void journalModeIsNamedAndNotChanged() throws IOException, SQLException {
      Path file = rollbackDatabase();
      byte[] before = Files.readAllBytes(file);

      assertThat(run(file.toString())).isEqualTo(Doctor.OK);

      assertThat(said())
          .contains("Journal mode    rollback journal")
          .contains("Integrity       ok")
          .contains("PRAGMA journal_mode=WAL");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      assertThat(filesIn(folder)).containsExactly("x.db");
    }

    @Test
    void damageIsFoundInACopy() throws IOException, SQLException {
      Path file = rollbackDatabase();
      scribble(file, 4096 + 100);

      assertThat(run(file.toString())).isEqualTo(Doctor.PROBLEMS);
      assertThat(said()).contains("damaged");
    }

    @Test
    void fileThatIsBeingWrittenIsNotJudged() throws IOException, SQLException {
      Path file = rollbackDatabase();
      Files.write(folder.resolve("x.db-journal"), new byte[] {(byte) 0xD9, (byte) 0xD5, 5});

      assertThat(run(file.toString())).isEqualTo(Doctor.OK);
      assertThat(said()).contains("not checked").contains("There is a rollback journal");
      assertThat(filesIn(folder)).containsExactly("x.db", "x.db-journal");
    }
  }

  @Nested
  class NoDatabase {

    @Test
    void missingFileIsNotCreated() throws IOException {
      assertThat(run(folder.resolve("none.db").toString())).isEqualTo(Doctor.PROBLEMS);
      assertThat(said()).contains("There is no such file, and none was created.");
      assertThat(filesIn(folder)).isEmpty();
    }

    @Test
    void otherFilesAreNotTouched() throws IOException {
      Path letter = Files.writeString(folder.resolve("letter"), "Dear doctor, ".repeat(100));
      Path empty = Files.createFile(folder.resolve("empty"));

      assertThat(run(letter.toString())).isEqualTo(Doctor.PROBLEMS);
      assertThat(said()).contains("This is no SQLite database, or it is encrypted.");
      assertThat(run(empty.toString())).isEqualTo(Doctor.PROBLEMS);
      assertThat(said()).contains("The file is empty.");
      assertThat(run(folder.toString())).isEqualTo(Doctor.PROBLEMS);
      assertThat(said()).contains("a folder or a device");
      assertThat(letter).hasContent("Dear doctor, ".repeat(100));
      assertThat(empty).isEmptyFile();
      assertThat(filesIn(folder)).containsExactly("empty", "letter");
    }

    @Test
    void wrongArgumentsAreExplained() {
      assertThat(run()).isEqualTo(Doctor.USAGE);
      assertThat(run("a", "b")).isEqualTo(Doctor.USAGE);
      assertThat(run("--all")).isEqualTo(Doctor.USAGE);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("doctor FILE");
      assertThat(run("a\0b")).isEqualTo(Doctor.PROBLEMS);
    }
  }

  private int run(String... arguments) {
    out.reset();
    return Doctor.run(
        List.of(arguments),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private Path walDatabase() {
    Path file = folder.resolve("x.db");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      database
          .script("CREATE TABLE t (x INTEGER NOT NULL); INSERT INTO t (x) VALUES (1)")
          .block(Duration.ofSeconds(30));
    }
    return file;
  }

  private Path rollbackDatabase() throws SQLException {
    Path file = folder.resolve("x.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (x INTEGER NOT NULL)");
      statement.execute("INSERT INTO t (x) VALUES (1)");
    }
    return file;
  }

  private static void scribble(Path file, long position) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(
          ByteBuffer.wrap("nonsense".repeat(450).getBytes(StandardCharsets.UTF_8)), position - 100);
    }
  }

  private static List<String> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
