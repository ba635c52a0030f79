package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

class ScanErrorsTest {

  private static final AccessDeniedException DENIED = new AccessDeniedException("/secret/a.txt");

  @Test
  void everybodyMayReadWhatIsSaid() {
    assertThat(ScanErrors.text(DENIED)).isEqualTo("This program may not read the file.");
    assertThat(ScanErrors.text(new UnreadableFolderException(DENIED)))
        .isEqualTo("This program may not read the folder.");
    assertThat(ScanErrors.text(new UnreadableFolderException(new IOException("/secret"))))
        .isEqualTo("The folder could not be read.");
    assertThat(ScanErrors.text(new IOException("/secret")))
        .isEqualTo("The file could not be read.");
    assertThat(ScanErrors.text(new CharConversionException("/secret")))
        .isEqualTo("The file is not in the encoding it began with.");
    assertThat(ScanErrors.text(new IllegalStateException("INSERT INTO document")))
        .doesNotContain("INSERT")
        .contains("log");
  }
}
