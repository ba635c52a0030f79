package io.github.reactivesqlite.demo.scan;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.security.DigestInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A text that is read chunk by chunk. The file may change between the look at it and now, so the
 * checksum that is kept is that of what was read now: a mixture of two versions is like neither,
 * and the next scan reads the file again. Blocks; one thread at a time.
 */
final class OpenText {

  /**
   * A piece of a file.
   *
   * @param file the file; with the last piece, its checksum is that of all that was read
   * @param chunk its paragraphs
   */
  record Part(TextFile file, Chunk chunk) {}

  private final TextFile file;
  private final DigestInputStream bytes;
  private final ParagraphReader reader;

  private OpenText(TextFile file, InputStream in) {
    this.file = file;
    this.bytes = new DigestInputStream(in, TextFile.sha256());
    this.reader = new ParagraphReader(new InputStreamReader(bytes, file.charset()));
  }

  /** Bytes that are no text in its encoding become U+FFFD. */
  static OpenText of(TextFile file) throws IOException {
    return new OpenText(file, TextFile.open(file.file()));
  }

  /** The next piece; null after the last one. */
  @Nullable Part next() throws IOException {
    Chunk chunk = reader.nextChunk();
    if (chunk == null) {
      return null;
    }
    return new Part(chunk.last() ? file.withChecksumOf(bytes.getMessageDigest()) : file, chunk);
  }

  void closeQuietly() {
    reader.closeQuietly();
  }
}
