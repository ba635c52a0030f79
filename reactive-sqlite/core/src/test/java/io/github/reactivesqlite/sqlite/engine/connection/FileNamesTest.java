package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names and paths are taken for a database, and which file they are. */
class FileNamesTest extends FilesToClaim {

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
}
