package io.github.reactivesqlite.demo.scan;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts a text into paragraphs, which blank lines separate, and those into chunks. Keeps no more
 * than a chunk in memory, however long the lines are. Blocks while it reads; one thread at a time.
 */
final class ParagraphReader implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(ParagraphReader.class);

  static final int PARAGRAPH_CHARS = 4_000;
  static final int CHUNK_PARAGRAPHS = 200;
  static final int CHUNK_CHARS = 128 * 1024;

  private final Reader reader;
  private final char[] buffer = new char[8 * 1024];
  private int length;
  private int next;

  private final StringBuilder paragraph = new StringBuilder();
  private boolean lineIsBlank = true;
  private int delivered;
  private boolean done;
  private @Nullable String ahead;

  ParagraphReader(Reader reader) {
    this.reader = reader;
  }

  /** The next chunk; null after the last one. A text without paragraphs has one, empty chunk. */
  @Nullable Chunk nextChunk() throws IOException {
    if (done) {
      return null;
    }
    List<String> paragraphs = new ArrayList<>();
    int chars = 0;
    String current = ahead != null ? ahead : nextParagraph();
    while (current != null) {
      paragraphs.add(current);
      chars += current.length();
      current = nextParagraph();
      if (paragraphs.size() >= CHUNK_PARAGRAPHS || chars >= CHUNK_CHARS) {
        break;
      }
    }
    ahead = current;
    done = current == null;
    Chunk chunk = new Chunk(delivered, paragraphs, done);
    delivered += paragraphs.size();
    return chunk;
  }

  private @Nullable String nextParagraph() throws IOException {
    int c;
    while ((c = read()) >= 0) {
      if (c == '\n') {
        if (lineIsBlank && !paragraph.isEmpty()) {
          String text = take();
          if (!text.isEmpty()) {
            return text;
          }
        }
        lineIsBlank = true;
        append('\n');
      } else {
        lineIsBlank &= c <= ' ';
        append(printable((char) c));
        if (paragraph.length() >= PARAGRAPH_CHARS && !Character.isHighSurrogate((char) c)) {
          String text = take();
          if (!text.isEmpty()) {
            return text;
          }
        }
      }
    }
    String text = take();
    return text.isEmpty() ? null : text;
  }

  private void append(char c) {
    if (c > ' ' || !paragraph.isEmpty()) {
      paragraph.append(c);
    }
  }

  private String take() {
    String text = paragraph.toString().stripTrailing();
    paragraph.setLength(0);
    return text;
  }

  /** Control characters have no business in what is shown, and some mark the hits of a search. */
  private static char printable(char c) {
    return (Character.isISOControl(c) && c != '\t') || c == '\uFEFF' ? ' ' : c;
  }

  private int read() throws IOException {
    if (next == length) {
      length = Math.max(0, reader.read(buffer));
      next = 0;
      if (length == 0) {
        return -1;
      }
    }
    return buffer[next++];
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** For the end, when everything that matters has been read. */
  void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      LOG.debug("A file could not be closed after it was read: {}", e.getClass().getSimpleName());
    }
  }
}
