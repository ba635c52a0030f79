package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.demo.TooDeepFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWalkTest {

  @TempDir Path folder;
  @TempDir Path data;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("sub/target"));
    for (String name : new String[] {"a.txt", ".hidden", "sub/b.txt", "sub/target/c.txt"}) {
      Files.writeString(folder.resolve(name), "text");
    }
    Files.writeString(data.resolve("library.db"), "");
  }

  @Test
  void whatIsNotFoundIsMissed() throws IOException {
    FolderWalk walk = walk(folder, 10);

    assertThat(walk.files())
        .extracting(FoundFile::file)
        .containsExactlyInAnyOrder(folder.resolve("a.txt"), folder.resolve("sub/b.txt"));
    assertThat(walk.complete()).isTrue();
    assertThat(walk.misses(folder.resolve("gone.txt"))).isTrue();
    assertThat(walk.misses(data.resolve("elsewhere.txt"))).isFalse();
  }

  @Test
  void nothingIsMissedInAFolderThatCannotBeRead() throws IOException {
    try (TooDeepFolder deep = TooDeepFolder.in(folder, data)) {
      FolderWalk walk = walk(folder, 10);

      assertThat(walk.complete()).isFalse();
      assertThat(walk.misses(folder.resolve("gone.txt"))).isTrue();
      assertThat(walk.misses(deep.below().resolve("gone.txt"))).isFalse();
    }
  }

  @Test
  void nothingIsMissedByAWalkThatEndsEarly() throws IOException {
    FolderWalk walk = walk(folder, 1);

    assertThat(walk.complete()).isFalse();
    assertThat(walk.misses(folder.resolve("gone.txt"))).isFalse();

    try {
      Thread.currentThread().interrupt();
      FolderWalk stopped = walk(folder, 10);

      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThat(stopped.files()).isEmpty();
      assertThat(stopped.misses(folder.resolve("gone.txt"))).isFalse();
    } finally {
      // The next test has this thread, too
      Thread.interrupted();
    }
  }

  @Test
  void folderThatIsGoneIsAnError() {
    assertThatThrownBy(() -> walk(folder.resolve("gone"), 10))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void leftOutIsWhatAWalkDoesNotComeTo() throws IOException {
    assertThat(FolderWalk.leavesOut(folder, folder.resolve("sub/target/c.txt"))).isTrue();
    assertThat(FolderWalk.leavesOut(folder, folder.resolve("sub/.hidden"))).isTrue();
    assertThat(FolderWalk.leavesOut(folder, folder.resolve("sub/b.txt"))).isFalse();
    Path target = folder.resolve("sub/target");
    assertThat(FolderWalk.leavesOut(target, target.resolve("c.txt"))).isFalse();
  }

  private FolderWalk walk(Path root, int maxFiles) throws IOException {
    return FolderWalk.of(root, DatabaseFiles.of(data.resolve("library.db")), maxFiles);
  }
}
