package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLookTest {

  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  /** Longer than the tick of a file system with fine times. */
  private static final long SETTLED = 60 * MILLISECOND;

  @TempDir Path parent;

  private Path directory;
  private Path file;
  private DirectoryLook look;
  private long now;

  @BeforeEach
  void create() throws IOException {
    directory = Files.createDirectory(parent.resolve("data"));
    file = Files.writeString(directory.resolve("a.db"), "a");
    // A time between two seconds, whatever the file system's clock said just now
    Files.setLastModifiedTime(directory, FileTime.from(1_700_000_000_500L, TimeUnit.MILLISECONDS));
    look = new DirectoryLook(directory);
    now = 1_000_000 * MILLISECOND;
  }

  private boolean isUntouched() {
    return look.isUntouched(now);
  }

  private void settle() {
    isUntouched();
    now += SETTLED;
    isUntouched();
    look.foundWell(now);
  }

  @Test
  void isTrustedOnceItsTimeHasStoodStillAndAllWasWell() {
    assertThat(isUntouched()).isFalse();
    look.foundWell(now);
    now += SETTLED;

    assertThat(isUntouched()).isTrue();
    assertThat(isUntouched()).isTrue();
  }

  @Test
  void isNotTrustedWithinATickOfTheLastChange() {
    isUntouched();
    look.foundWell(now);
    now += 20 * MILLISECOND;

    assertThat(isUntouched()).isFalse();
  }

  @Test
  void isNotTrustedBeforeAllWasFoundWell() {
    isUntouched();
    now += SETTLED;

    assertThat(isUntouched()).isFalse();
  }

  @Test
  void isNotTrustedForLong() {
    settle();
    now += 99 * MILLISECOND;
    assertThat(isUntouched()).isTrue();
    now += MILLISECOND;
    assertThat(isUntouched()).isFalse();

    look.foundWell(now);

    assertThat(isUntouched()).isTrue();
  }

  @Test
  void isNotTrustedAfterItWasForgotten() {
    settle();
    look.forget();

    assertThat(isUntouched()).isFalse();
  }

  @Test
  void aFileSystemWithWholeSecondsTakesLonger() throws IOException {
    Files.setLastModifiedTime(directory, FileTime.from(1_700_000_000, TimeUnit.SECONDS));
    isUntouched();
    look.foundWell(now);
    now += SETTLED;
    assertThat(isUntouched()).isFalse();

    now += TimeUnit.SECONDS.toNanos(3);
    look.foundWell(now);

    assertThat(isUntouched()).isTrue();
  }

  @Nested
  class Notices {

    private void assertNoticed() {
      assertThat(isUntouched()).isFalse();
      now += SETTLED;
      assertThat(isUntouched()).as("until all were looked at again").isFalse();
    }

    @BeforeEach
    void settled() {
      settle();
      assertThat(isUntouched()).isTrue();
    }

    @Test
    void aNewFile() throws IOException {
      Files.createFile(directory.resolve("b"));

      assertNoticed();
    }

    @Test
    void aRemovedFile() throws IOException {
      Files.delete(file);

      assertNoticed();
    }

    @Test
    void aRenamedFile() throws IOException {
      Files.move(file, directory.resolve("c"));

      assertNoticed();
    }

    @Test
    void aFileFromElsewhere() throws IOException {
      Path other = Files.writeString(parent.resolve("other"), "b");
      Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      assertNoticed();
    }

    @Test
    void anotherDirectoryInItsPlace() throws IOException {
      FileTime time = Files.getLastModifiedTime(directory);
      Files.move(directory, parent.resolve("moved"));
      Files.createDirectory(directory);
      Files.setLastModifiedTime(directory, time);

      assertNoticed();
    }

    @Test
    void thatItIsGone() throws IOException {
      Files.move(directory, parent.resolve("moved"));

      assertNoticed();
    }

    @Test
    void butNotThatAFileGrows() throws IOException {
      Files.writeString(file, "more", StandardOpenOption.APPEND);

      assertThat(isUntouched()).isTrue();
    }
  }
}
