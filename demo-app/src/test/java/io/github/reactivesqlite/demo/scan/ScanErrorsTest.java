package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanErrorsTest {

  private static final AccessDeniedException DENIED = new AccessDeniedException("/secret/a.txt");
  private static final String NEUTRAL =
      "It could not be done. The log of the application says more.";

  @Test
  void everybodyMayReadWhatIsSaid() {
    assertThat(ScanErrors.text(DENIED)).isEqualTo("This program may not read the file.");
    assertThat(ScanErrors.text(new UnreadableFolderException(DENIED)))
        .isEqualTo("This program may not read the folder.");
    assertThat(ScanErrors.text(new UnreadableFolderException(new IOException("/secret"))))
        .isEqualTo("The folder could not be read.");
    assertThat(ScanErrors.text(new IOException("/secret")))
        .isEqualTo("The file could not be read.");
    assertThat(ScanErrors.text(new IllegalStateException("INSERT INTO document")))
        .isEqualTo(NEUTRAL);
  }

  /** Neither the folder nor the file that a job is about has anything to do with it. */
  @Test
  void databaseThatCannotBeLookedAtIsNoUnreadableFile(@TempDir Path folder) {
    assertThatThrownBy(() -> DatabaseFiles.of(folder.resolve("gone.db")))
        .satisfies(error -> assertThat(ScanErrors.text(error)).isEqualTo(NEUTRAL));
  }
}
