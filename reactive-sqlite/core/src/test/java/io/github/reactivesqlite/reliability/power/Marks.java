package io.github.reactivesqlite.reliability.power;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a recorded process says in the recording about its units and phases. Thread-safe. */
final class Marks implements AutoCloseable {

  /** Something that is done once. */
  enum Phase {
    SCHEMA,
    FILL,
    THIN_OUT,
    VACUUM,
    MIGRATION,
    BACKUP,
    CLOSE,
    REOPEN;

    String begin() {
      return "begin " + this;
    }

    String end() {
      return "end " + this;
    }
  }

  private final FileChannel channel;

  Marks(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  void begun(long unit, int parts) {
    note("begun " + unit + " " + parts);
  }

  void acknowledged(long unit) {
    note("acknowledged " + unit);
  }

  void failed(long unit) {
    note("failed " + unit);
  }

  void note(String text) {
    try {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
