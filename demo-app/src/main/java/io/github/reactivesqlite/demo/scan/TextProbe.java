package io.github.reactivesqlite.demo.scan;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells text from other files by how they begin, whatever they are called. */
final class TextProbe {

  static final int SAMPLE_BYTES = 8 * 1024;

  /** What texts that are not Unicode mostly are; every byte is some character of it. */
  private static final Charset WESTERN = Charset.forName("windows-1252");

  /** The encoding of a text that begins like this; empty if it does not look like text. */
  static Optional<Charset> charsetOf(byte[] sample) {
    if (sample.length >= 2 && (startsWith(sample, 0xFE, 0xFF) || startsWith(sample, 0xFF, 0xFE))) {
      return Optional.of(StandardCharsets.UTF_16);
    }
    for (byte b : sample) {
      if (!plausible(b & 0xFF)) {
        return Optional.empty();
      }
    }
    return Optional.of(isUtf8(sample) ? StandardCharsets.UTF_8 : WESTERN);
  }

  /** Tab, line feed, form feed, carriage return and escape are the control characters of texts. */
  private static boolean plausible(int value) {
    return (value >= ' ' && value != 0x7F)
        || value == '\t'
        || value == '\n'
        || value == '\f'
        || value == '\r'
        || value == 0x1B;
  }

  private static boolean startsWith(byte[] sample, int first, int second) {
    return (sample[0] & 0xFF) == first && (sample[1] & 0xFF) == second;
  }

  private static boolean isUtf8(byte[] sample) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    // Not the end of the input: the sample may cut a character.
    return !decoder
        .decode(ByteBuffer.wrap(sample), CharBuffer.allocate(sample.length + 1), false)
        .isError();
  }

  private TextProbe() {}
}
