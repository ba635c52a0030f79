package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenTextTest {

  private static final String FIRST = "walrus words\n\n".repeat(100_000);
  private static final String SECOND = FIRST.replace("walrus", "marmot");

  @TempDir Path folder;

  @Test
  void fileThatDoesNotChangeHasTheSameChecksumBothTimes() throws IOException {
    TextFile file = inspected(FIRST);

    assertThat(readToItsEnd(OpenText.of(file)).checksum()).isEqualTo(file.checksum());
  }

  /** So that neither the first version, should it come back, nor the second is taken for it. */
  @Test
  void mixtureOfTwoVersionsIsLikeNeither() throws IOException {
    String second = inspected(SECOND).checksum();
    TextFile file = inspected(FIRST);
    OpenText text = OpenText.of(file);
    assertThat(text.next()).isNotNull();
    Files.writeString(folder.resolve("a.txt"), SECOND);

    TextFile read = readToItsEnd(text);

    assertThat(read.checksum()).isNotEqualTo(file.checksum()).isNotEqualTo(second);
    assertThat(read.modified()).isEqualTo(file.modified());
  }

  private TextFile inspected(String text) throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(file, text);
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return TextFile.inspect(file, "a.txt", attributes).orElseThrow();
  }

  private static TextFile readToItsEnd(OpenText text) throws IOException {
    TextFile last = null;
    for (OpenText.Part part = text.next(); part != null; part = text.next()) {
      last = part.file();
    }
    text.closeQuietly();
    return last;
  }
}
