package io.github.reactivesqlite.demo.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class LibraryFolderTest {

  @TempDir Path folder;
  @TempDir Path elsewhere;
  private LibraryFolder library;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("sub/deep"));
    Files.writeString(folder.resolve("file"), "");
    Files.createSymbolicLink(folder.resolve("away"), elsewhere);
    Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
    library =
        new LibraryFolder(
            new LibraryProperties(
                folder.toString(),
                "a.db",
                false,
                DataSize.ofMegabytes(4),
                10,
                List.of("*"),
                Duration.ofSeconds(15)));
  }

  @Test
  void folderIsFound() throws IOException {
    assertThat(library.find("sub/deep")).isEqualTo(library.root().resolve("sub/deep"));
    assertThat(library.find(".")).isEqualTo(library.root());
    assertThat(library.resolve("sub/../sub")).isEqualTo(library.root().resolve("sub"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gone", "sub/gone/deep", "file", "file/sub/deep", "away", "..", "/", "a\0b"})
  void whatIsNoFolderOfTheLibraryIsRejectedForGood(String name) {
    assertThatThrownBy(() -> library.find(name)).isInstanceOf(RejectedException.class);
    assertThatThrownBy(() -> library.resolve(name)).isInstanceOf(RejectedException.class);
  }

  /** Not even root can follow a link to itself, nor open what has too long a name. */
  @Test
  void whatCannotBeLookedAtCanBeTriedAgain() {
    for (String name : new String[] {"loop", "loop/sub", "m".repeat(300)}) {
      assertThatThrownBy(() -> library.find(name)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> library.resolve(name))
          .isInstanceOf(RejectedException.class)
          .hasMessage("The library has no such folder.");
    }
  }
}
