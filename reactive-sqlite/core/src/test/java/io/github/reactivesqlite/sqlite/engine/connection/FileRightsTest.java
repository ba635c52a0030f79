package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rights that are missing. The claims run in a process of user 65534, as a test run by root would
 * be refused nothing; so they need root and {@code setpriv}.
 */
class FileRightsTest {

  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Pattern NEEDED =
      Pattern.compile("(slf4j-api|micrometer|reactor-core|reactive-streams|jspecify).*jar");

  @TempDir Path dir;
  private Path sub;
  private Path file;

  /** Claims a path and prints how it went. */
  static final class Claim {

    private Claim() {}

    public static void main(String[] args) {
      try {
        FileGuard guard = FileGuard.claim(Path.of(args[0]), SqliteConfig.ofDefaults());
        System.out.println("claimed " + guard.created());
      } catch (StorageException e) {
        System.out.println(e.kind() + " " + e.getMessage());
      }
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(Files.isExecutable(SETPRIV) && "root".equals(System.getProperty("user.name")));
    allow(dir, "rwxr-xr-x");
    sub = Files.createDirectory(dir.resolve("sub"));
    file = sub.resolve("orders.db");
  }

  @Test
  void withAllRightsTheFileIsClaimed() throws Exception {
    allow(sub, "rwxrwxrwx");

    assertThat(claimAsNobody(file)).startsWith("claimed true");
    assertThat(claimAsNobody(file)).startsWith("claimed false");
  }

  @Test
  void theRightToReadTheFileIsNamed() throws Exception {
    allow(sub, "rwxrwxrwx");
    allow(Files.createFile(file), "rw--w--w-");

    assertThat(claimAsNobody(file))
        .startsWith("PERMISSION The process has no right to read the file " + file);
  }

  @Test
  void theRightToWriteTheFileIsNamed() throws Exception {
    allow(sub, "rwxrwxrwx");
    allow(Files.createFile(file), "rw-r--r--");

    assertThat(claimAsNobody(file))
        .startsWith("PERMISSION The process has no right to write the file " + file);
  }

  @Test
  void theRightToWriteTheDirectoryIsNamed() throws Exception {
    allow(sub, "rwxr-xr-x");
    allow(Files.createFile(file), "rw-rw-rw-");

    assertThat(claimAsNobody(file))
        .startsWith("PERMISSION The process has no right to write to the directory " + sub);
  }

  @Test
  void theRightToCreateTheFileIsThatOfItsDirectory() throws Exception {
    allow(sub, "rwxr-xr-x");

    assertThat(claimAsNobody(file))
        .startsWith("PERMISSION The process has no right to write to the directory " + sub);
    assertThat(file).doesNotExist();
  }

  @Test
  void theLogThatAnotherUserLeftIsNamed() throws Exception {
    allow(sub, "rwxrwxrwx");
    allow(Files.createFile(file), "rw-rw-rw-");
    Path log = Files.createFile(sub.resolve("orders.db-wal"));
    allow(log, "rw-------");

    assertThat(claimAsNobody(file))
        .startsWith("PERMISSION The process has no right to read the file " + log);
  }

  @Test
  void aDirectoryThatCannotBeSearchedIsNamed() throws Exception {
    allow(sub, "rwx------");

    assertThat(claimAsNobody(file)).startsWith("PERMISSION").contains(sub.toString());
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private String claimAsNobody(Path path) throws Exception {
    Path output = dir.resolve("output");
    Path errors = dir.resolve("errors");
    Process process =
        new ProcessBuilder(
                SETPRIV.toString(),
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPathForEverybody(),
                Claim.class.getName(),
                path.toString())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(output).as("%s", Files.readString(errors)).isNotEmptyFile();
      return Files.readString(output);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Copies, as the originals may lie in a directory that only root can search. */
  private String classPathForEverybody() throws IOException {
    Path copies = dir.resolve("classpath");
    createForEverybody(copies);
    List<String> entries = new ArrayList<>();
    String[] originals = System.getProperty("java.class.path").split(File.pathSeparator);
    for (int i = 0; i < originals.length; i++) {
      Path original = Path.of(originals[i]);
      Path copy = copies.resolve(Integer.toString(i));
      if (Files.isDirectory(original)) {
        copyTree(original, copy);
        entries.add(copy.toString());
      } else if (NEEDED.matcher(original.getFileName().toString()).matches()) {
        if (!Files.exists(copy)) {
          copyForEverybody(original, copy);
        }
        entries.add(copy.toString());
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          createForEverybody(target);
        } else if (!Files.exists(target)) {
          copyForEverybody(path, target);
        }
      }
    }
  }

  /** Whatever the umask of this process takes away. */
  private static void createForEverybody(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
      allow(directory, "rwxr-xr-x");
    }
  }

  private static void copyForEverybody(Path from, Path to) throws IOException {
    Files.copy(from, to);
    allow(to, "rw-r--r--");
  }
}
