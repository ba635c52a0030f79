package io.github.reactivesqlite.demo.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file that holds text.
 *
 * @param file where it lies
 * @param name how it is called in the library
 * @param size its bytes
 * @param modified when it was changed
 * @param charset its encoding
 * @param checksum SHA-256 of its bytes
 */
record TextFile(
    Path file, String name, long size, Instant modified, Charset charset, String checksum) {

  private static final OpenOption[] NO_LINKS = {StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS};

  /** Reads the file once. Blocks. Empty if it is no text. */
  static Optional<TextFile> inspect(Path file, String name, BasicFileAttributes attributes)
      throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[TextProbe.SAMPLE_BYTES];
    Optional<Charset> charset;
    try (InputStream in = open(file)) {
      int read = in.readNBytes(buffer, 0, buffer.length);
      charset = TextProbe.charsetOf(read == buffer.length ? buffer : copy(buffer, read));
      while (charset.isPresent() && read > 0) {
        digest.update(buffer, 0, read);
        read = in.read(buffer);
      }
    }
    return charset.map(
        found ->
            new TextFile(
                file,
                name,
                attributes.size(),
                modified(attributes),
                found,
                HexFormat.of().formatHex(digest.digest())));
  }

  /** Opens the file, if it is no link. */
  static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file, NO_LINKS);
  }

  /** The same file, with what was read of it. */
  TextFile withChecksumOf(MessageDigest read) {
    return new TextFile(
        file, name, size, modified, charset, HexFormat.of().formatHex(read.digest()));
  }

  /** The time to the millisecond, as it is stored. */
  static Instant modified(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The first heading of a Markdown or AsciiDoc text, else the name of the file. */
  String title(Chunk firstChunk) {
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    if (fileName.endsWith(".md") || fileName.endsWith(".adoc")) {
      for (String paragraph : firstChunk.paragraphs()) {
        if (paragraph.startsWith("# ") || paragraph.startsWith("= ")) {
          return paragraph.substring(2).lines().findFirst().orElse(fileName).strip();
        }
      }
    }
    return fileName;
  }

  private static byte[] copy(byte[] buffer, int length) {
    return Arrays.copyOf(buffer, length);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
