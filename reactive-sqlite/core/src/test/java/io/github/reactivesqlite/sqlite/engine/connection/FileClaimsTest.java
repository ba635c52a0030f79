package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is open once in a process, whatever it is called and whoever asks. */
class FileClaimsTest extends FilesToClaim {

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
