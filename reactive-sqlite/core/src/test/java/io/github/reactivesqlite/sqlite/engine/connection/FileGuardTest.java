package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What the guard does to a file and sees of it: rights, replacement, locks. */
class FileGuardTest extends FilesToClaim {

  @Nested
  class NewFiles {

    @Test
    void aNewFileIsForItsOwnerOnly() throws IOException {
      FileGuard guard = claim(file);

      assertThat(guard.created()).isTrue();
      assertThat(file).isEmptyFile();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }

    @Test
    void theUmaskRulesWhenPrivacyIsOff() throws IOException {
      Path plain = Files.createFile(dir.resolve("plain"));

      claim(file, SqliteConfig.builder().privateFiles(false).build());

      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(Files.getPosixFilePermissions(plain));
    }

    @Test
    void anExistingFileKeepsItsRightsAndContent() throws IOException {
      Files.writeString(file, "content");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));

      FileGuard guard = claim(file);

      assertThat(guard.created()).isFalse();
      assertThat(file).hasContent("content");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-rw-r--");
    }

    @Test
    void anEmptyFileOfOursIsRemovedAgain() {
      FileGuard guard = claim(file);

      assertThat(guard.removeIfStillEmpty()).isTrue();
      assertThat(file).doesNotExist();
      assertThat(guard.removeIfStillEmpty()).isFalse();
    }

    @Test
    void aFileWithContentIsNotRemoved() throws IOException {
      FileGuard guard = claim(file);
      Files.writeString(file, "content");

      assertThat(guard.removeIfStillEmpty()).isFalse();
      assertThat(file).exists();
    }

    @Test
    void anEmptyFileOfSomebodyElseIsNotRemoved() throws IOException {
      Files.createFile(file);

      assertThat(claim(file).removeIfStillEmpty()).isFalse();
      assertThat(file).exists();
    }

    @Test
    void nothingIsRemovedAfterRelease() {
      FileGuard guard = claim(file);
      guard.release();

      assertThat(guard.removeIfStillEmpty()).isFalse();
      assertThat(file).exists();
    }
  }

  @Nested
  class Replacement {

    @Test
    void anUntouchedFileIsUnchanged() throws IOException {
      FileGuard guard = claim(file);
      Files.writeString(file, "more");

      assertThat(guard.unchanged()).isTrue();
      assertThatCode(guard::verifyUnchanged).doesNotThrowAnyException();
    }

    @Test
    void aDeletedFileIsNoticed() throws IOException {
      FileGuard guard = claim(file);
      Files.delete(file);

      assertThat(guard.unchanged()).isFalse();
      assertFails(
          StorageException.Kind.FILE_REPLACED, "'orders' was moved", guard::verifyUnchanged);
    }

    @Test
    void aReplacedFileIsNoticed() throws IOException {
      FileGuard guard = claim(file);
      Path replacement = Files.createFile(dir.resolve("replacement"));
      Files.move(replacement, file, StandardCopyOption.REPLACE_EXISTING);

      assertThat(guard.unchanged()).isFalse();
    }

    @Test
    void aPathThatCannotBeLookedAtIsNotTakenForAReplacement() throws IOException {
      Path sub = Files.createDirectory(dir.resolve("sub"));
      FileGuard guard = claim(sub.resolve("x.db"));
      Files.move(sub, dir.resolve("moved"));
      Files.createSymbolicLink(sub, sub);

      assertThat(guard.look()).isEqualTo(FileGuard.Look.UNSEEN);
      Files.delete(sub);
      assertThat(guard.look()).isEqualTo(FileGuard.Look.CHANGED);
      Files.move(dir.resolve("moved"), sub);
      assertThat(guard.look()).isEqualTo(FileGuard.Look.SAME);
    }

    @Test
    void aMovedDirectoryIsNoticed() throws IOException {
      Path sub = Files.createDirectory(dir.resolve("sub"));
      FileGuard guard = claim(sub.resolve("x.db"));
      Files.move(sub, dir.resolve("moved"));

      assertThat(guard.unchanged()).isFalse();
    }
  }

  @Nested
  class Warnings {

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(FileRights.class);

    @BeforeEach
    void listen() {
      events.start();
      logger.addAppender(events);
    }

    @AfterEach
    void stopListening() {
      logger.detachAppender(events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw--w----", "rw-----w-"})
    void aFileThatOthersCanWriteIsReported(String permissions) throws IOException {
      Files.createFile(file);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

      claim(file);

      assertThat(events.list)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage())
                    .contains(file.toString(), "can be written by other users", permissions);
              });
    }

    @Test
    void aFileWithTwoNamesIsReported() throws IOException {
      Files.createFile(file);
      Files.createLink(dir.resolve("second.db"), file);

      claim(file);

      assertThat(events.list)
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .contains("has 2 hard links");
    }

    @Test
    void aPrivateFileIsNotReported() {
      claim(file).release();
      claim(file);

      assertThat(events.list).isEmpty();
    }
  }

  @Nested
  class Locks {

    /** Opening and closing the file in Java would drop them. */
    @Test
    void lookingAtAFileLeavesItsLocksAlone() throws Exception {
      Path locks = Path.of("/proc/locks");
      assumeTrue(Files.isReadable(locks));
      try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement statement = raw.createStatement()) {
        statement.execute("CREATE TABLE t(a)");
        statement.execute("BEGIN IMMEDIATE");
        long before = locksOf(file);
        assumeTrue(before > 0);

        FileGuard guard = claim(file);
        guard.unchanged();
        guard.removeIfStillEmpty();

        assertThat(locksOf(file)).isEqualTo(before);
      }
    }

    private long locksOf(Path path) throws IOException {
      String inode = ":" + Files.getAttribute(path, "unix:ino") + " ";
      try (Stream<String> lines = Files.lines(Path.of("/proc/locks"))) {
        return lines.filter(line -> line.contains(inode)).count();
      }
    }
  }
}
