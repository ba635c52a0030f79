package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class FileGuardTest {

  private static final SqliteConfig CONFIG = SqliteConfig.ofDefaults();

  @TempDir Path dir;
  private Path file;
  private final List<FileGuard> guards = new ArrayList<>();

  @BeforeEach
  void nameTheFile() throws IOException {
    dir = dir.toRealPath();
    file = dir.resolve("orders.db");
  }

  @AfterEach
  void releaseAll() {
    guards.forEach(FileGuard::release);
  }

  private FileGuard claim(Path path) {
    return claim(path, CONFIG);
  }

  private FileGuard claim(Path path, SqliteConfig config) {
    FileGuard guard = FileGuard.claim(path, config);
    guards.add(guard);
    return guard;
  }

  private static void assertFails(
      StorageException.Kind kind, String message, ThrowingCallable code) {
    assertThatThrownBy(code)
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(StorageException.class))
        .extracting(StorageException::kind)
        .isEqualTo(kind);
  }

  @Nested
  class Names {

    @ParameterizedTest
    @ValueSource(
        strings = {
          ":memory:",
          ":resource:http:/example.org/x.db",
          "file:x.db",
          "jdbc:sqlite:x.db",
          "x.db?enable_load_extension=true",
          "x.db-wal",
          "x.db-shm",
          "x.db-journal"
        })
    void aNameThatTheDriverWouldReadOtherwiseIsRefused(String name) {
      assertThatIllegalArgumentException().isThrownBy(() -> claim(Path.of(name)));
    }

    @Test
    void aQuestionMarkInADirectoryIsRefused() throws IOException {
      Path odd = Files.createDirectory(dir.resolve("a?b"));

      assertThatIllegalArgumentException().isThrownBy(() -> claim(odd.resolve("x.db")));
    }

    @Test
    void aLinkDoesNotHideAName() throws IOException {
      Path odd = Files.createFile(dir.resolve("x.db?mode=memory"));
      Path link = Files.createSymbolicLink(dir.resolve("innocent.db"), odd);

      assertThatIllegalArgumentException().isThrownBy(() -> claim(link));
    }

    @Test
    void aPathOfAnotherFileSystemIsRefused() throws IOException {
      URI zip = URI.create("jar:" + dir.resolve("x.zip").toUri());
      try (FileSystem other = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
        assertThatIllegalArgumentException().isThrownBy(() -> claim(other.getPath("/x.db")));
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#b.db", "a%41.db", "mode=memory.db", "with space.db", "noextension"})
    void anUnusualNameIsTakenAsItIs(String name) {
      assertThat(claim(dir.resolve(name)).file()).isEqualTo(dir.resolve(name));
    }
  }

  @Nested
  class Paths {

    @Test
    void aMissingDirectoryIsNamed() {
      Path missing = dir.resolve("missing/deep");

      assertFails(
          StorageException.Kind.CANNOT_OPEN,
          "The directory " + missing + " does not exist",
          () -> claim(missing.resolve("x.db")));
      assertThat(dir).isEmptyDirectory();
    }

    @Test
    void missingDirectoriesAreCreatedWhenAskedFor() throws IOException {
      Path deep = dir.resolve("missing/deep");
      SqliteConfig config = SqliteConfig.builder().createDirectories(true).build();

      FileGuard guard = claim(deep.resolve("x.db"), config);

      assertThat(guard.file()).isRegularFile();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep)))
          .isEqualTo("rwx------");
    }

    @Test
    void aDirectoryIsNoDatabase() {
      assertFails(StorageException.Kind.CANNOT_OPEN, "is a directory", () -> claim(dir));
      assertFails(StorageException.Kind.CANNOT_OPEN, "is a directory", () -> claim(Path.of("/")));
      assertFails(StorageException.Kind.CANNOT_OPEN, "is a directory", () -> claim(Path.of("")));
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
      Files.createFile(file);

      assertFails(
          StorageException.Kind.CANNOT_OPEN,
          "is not a directory",
          () -> claim(file.resolve("x.db")));
    }

    @Test
    void aDeviceIsNoDatabase() {
      Path device = Path.of("/dev/null");
      assumeTrue(Files.exists(device));

      assertFails(StorageException.Kind.CANNOT_OPEN, "is not a regular file", () -> claim(device));
    }

    @Test
    void aLinkIsFollowedToTheRealFile() throws IOException {
      Files.createFile(file);
      Path link = Files.createSymbolicLink(dir.resolve("link.db"), file);

      FileGuard guard = claim(link);

      assertThat(guard.file()).isEqualTo(file);
      assertThat(guard.name()).isEqualTo("link");
    }

    @Test
    void aLinkedDirectoryIsFollowedBeforeDots() throws IOException {
      Path target = Files.createDirectories(dir.resolve("elsewhere/deep"));
      Path link = Files.createSymbolicLink(dir.resolve("link"), target);

      FileGuard guard = claim(link.resolve("../x.db"));

      assertThat(guard.file()).isEqualTo(dir.resolve("elsewhere/x.db"));
    }

    @Test
    void aLinkToNothingIsRefused() throws IOException {
      Path link = Files.createSymbolicLink(dir.resolve("link.db"), dir.resolve("gone.db"));

      assertFails(
          StorageException.Kind.CANNOT_OPEN,
          "is a link to a file that does not exist",
          () -> claim(link));
    }

    @Test
    void aLinkToItselfIsRefused() throws IOException {
      Path link = dir.resolve("link.db");
      Files.createSymbolicLink(link, link);

      assertThatThrownBy(() -> claim(link))
          .asInstanceOf(InstanceOfAssertFactories.type(StorageException.class))
          .extracting(StorageException::kind)
          .isEqualTo(StorageException.Kind.CANNOT_OPEN);
    }
  }

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
  class Claims {

    @Test
    void theSecondClaimNamesTheFirst() {
      claim(file, SqliteConfig.builder().name("first").build());

      assertFails(
          StorageException.Kind.ALREADY_OPEN, "by database 'first', since 20", () -> claim(file));
    }

    @Test
    void everySpellingIsTheSameFile() throws IOException {
      claim(file);
      Path symbolic = Files.createSymbolicLink(dir.resolve("symbolic.db"), file);
      Path hard = Files.createLink(dir.resolve("hard.db"), file);
      Path directory = Files.createDirectory(dir.resolve("sub"));
      Path relative = Path.of("").toAbsolutePath().relativize(file);

      for (Path other : List.of(symbolic, hard, directory.resolve("../orders.db"), relative)) {
        assertFails(StorageException.Kind.ALREADY_OPEN, "already", () -> claim(other));
      }
    }

    @Test
    void aRefusedClaimTakesNothing() throws IOException {
      FileGuard first = claim(file);
      Path hard = Files.createLink(dir.resolve("hard.db"), file);
      assertFails(StorageException.Kind.ALREADY_OPEN, "already", () -> claim(hard));

      first.release();

      assertThatCode(() -> claim(hard)).doesNotThrowAnyException();
    }

    @Test
    void aReplacedFileCannotBeOpenedBesideTheOldOne() throws IOException {
      claim(file);
      Files.move(file, dir.resolve("moved.db"));
      Files.createFile(file);

      assertFails(StorageException.Kind.ALREADY_OPEN, "already", () -> claim(file));
      assertFails(
          StorageException.Kind.ALREADY_OPEN, "already", () -> claim(dir.resolve("moved.db")));
    }

    @Test
    void releaseFreesTheFileOnce() {
      FileGuard first = claim(file);
      first.release();
      FileGuard second = claim(file);

      first.release();

      assertFails(StorageException.Kind.ALREADY_OPEN, "already", () -> claim(file));
      second.release();
      assertThatCode(() -> claim(file)).doesNotThrowAnyException();
    }

    @Test
    void otherFilesAreIndependent() {
      claim(file);

      assertThatCode(() -> claim(dir.resolve("other.db"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofSimultaneousClaimsExactlyOneWins(boolean exists) throws Exception {
      int rounds = 200;
      ExecutorService threads = Executors.newFixedThreadPool(2);
      CyclicBarrier start = new CyclicBarrier(2);
      try {
        for (int round = 0; round < rounds; round++) {
          Path contested = dir.resolve(round + ".db");
          Path otherName = dir.resolve(round + ".link");
          if (exists) {
            Files.createFile(contested);
            Files.createLink(otherName, contested);
          }
          List<Future<FileGuard>> claims = new ArrayList<>();
          for (Path path : List.of(contested, exists ? otherName : contested)) {
            claims.add(
                threads.submit(
                    () -> {
                      start.await(10, TimeUnit.SECONDS);
                      try {
                        return FileGuard.claim(path, CONFIG);
                      } catch (StorageException e) {
                        assertThat(e.kind()).isEqualTo(StorageException.Kind.ALREADY_OPEN);
                        return null;
                      }
                    }));
          }
          List<FileGuard> winners = new ArrayList<>();
          for (Future<FileGuard> claim : claims) {
            FileGuard guard = claim.get(10, TimeUnit.SECONDS);
            if (guard != null) {
              winners.add(guard);
            }
          }
          assertThat(winners).as("round %d", round).hasSize(1);
          winners.forEach(FileGuard::release);
        }
      } finally {
        threads.shutdownNow();
      }
    }

    @Test
    void anotherClassLoaderSeesTheClaim() throws Exception {
      try (URLClassLoader other = copyOfTheClassPath()) {
        claim(file, SqliteConfig.builder().name("first").build());

        assertThatThrownBy(() -> claimBy(other, file))
            .isNotInstanceOf(StorageException.class)
            .hasMessageContaining("by database 'first'")
            .extracting(error -> error.getClass().getName())
            .isEqualTo(StorageException.class.getName());
      }
    }

    @Test
    void aClaimOfAnotherClassLoaderIsSeen() throws Throwable {
      try (URLClassLoader other = copyOfTheClassPath()) {
        Object guard = claimBy(other, file);

        assertFails(StorageException.Kind.ALREADY_OPEN, "database 'orders'", () -> claim(file));
        guard.getClass().getMethod("release").invoke(guard);
        assertThatCode(() -> claim(file)).doesNotThrowAnyException();
      }
    }

    @Test
    void theSystemPropertiesStayPrintable() {
      claim(file);

      assertThatCode(() -> System.getProperties().store(new StringWriter(), null))
          .doesNotThrowAnyException();
      assertThat(System.getProperties().stringPropertyNames())
          .noneMatch(name -> name.contains(dir.toString()));
    }

    private URLClassLoader copyOfTheClassPath() throws IOException {
      List<URL> urls = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
      return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private Object claimBy(ClassLoader loader, Path path) throws Throwable {
      Class<?> config = loader.loadClass(SqliteConfig.class.getName());
      Class<?> guard = loader.loadClass(FileGuard.class.getName());
      assertThat(guard).isNotSameAs(FileGuard.class);
      try {
        return guard
            .getMethod("claim", Path.class, config)
            .invoke(null, path, config.getMethod("ofDefaults").invoke(null));
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
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
