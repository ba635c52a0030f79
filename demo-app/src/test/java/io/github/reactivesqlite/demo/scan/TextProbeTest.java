package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TextProbeTest {

  @Test
  void unicodeIsRecognisedThoughTheSampleCutsACharacter() {
    byte[] text = "grün €".getBytes(StandardCharsets.UTF_8);

    assertThat(TextProbe.charsetOf(text)).contains(StandardCharsets.UTF_8);
    assertThat(TextProbe.charsetOf(Arrays.copyOf(text, text.length - 1)))
        .contains(StandardCharsets.UTF_8);
    assertThat(TextProbe.charsetOf("\uFEFFtext".getBytes(StandardCharsets.UTF_16LE)))
        .contains(StandardCharsets.UTF_16);
    assertThat(TextProbe.charsetOf(new byte[0])).contains(StandardCharsets.UTF_8);
  }

  @Test
  void otherTextIsTakenAsWestern() {
    assertThat(TextProbe.charsetOf("grün".getBytes(StandardCharsets.ISO_8859_1)))
        .contains(Charset.forName("windows-1252"));
  }

  @Test
  void controlCharactersMakeItNoText() {
    assertThat(TextProbe.charsetOf(new byte[] {'P', 'K', 3, 4})).isEmpty();
    assertThat(TextProbe.charsetOf("SQLite format 3\0".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(TextProbe.charsetOf(new byte[] {'a', 0x7F})).isEmpty();
    assertThat(TextProbe.charsetOf("a\tb\r\n\f\u001B[0m".getBytes(StandardCharsets.UTF_8)))
        .isPresent();
  }
}
