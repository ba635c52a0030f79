package io.github.reactivesqlite.reliability.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The acknowledgement log of a process that may be killed at any moment: a line before a unit is
 * subscribed to, and one when it was answered. A line is one {@code write}, so none is torn, and
 * what is written outlives the process.
 */
public final class Ledger implements AutoCloseable {

  /** What the caller of a unit knows about it. */
  public enum Fate {
    /** It was subscribed to, and never answered. */
    STARTED,
    ACKNOWLEDGED,
    FAILED,
    UNKNOWN
  }

  private final FileChannel channel;

  /** Opens it, or goes on with it. */
  public Ledger(Path file) {
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notes a unit's fate. Any thread. */
  public void note(Fate fate, Way way, long unit) {
    String line = fate + " " + way + " " + unit + "\n";
    try {
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
