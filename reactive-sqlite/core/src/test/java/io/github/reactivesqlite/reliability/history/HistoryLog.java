package io.github.reactivesqlite.reliability.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The log of one process, outside the database. A line is one {@code write} of the file: what was
 * noted outlives the process.
 */
final class HistoryLog implements AutoCloseable {

  static final String INVOKE = "invoke";
  static final String PROGRESS = "progress";
  static final String ANSWER = "answer";
  static final String STOPPED = "stopped";

  private final FileChannel file;

  HistoryLog(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
  }

  void invoke(String id, long at, String client, Kind kind, String said) {
    note(INVOKE + ' ' + id + ' ' + at + ' ' + client + ' ' + kind + ' ' + said);
  }

  void progress(String id, long at, long items) {
    note(PROGRESS + ' ' + id + ' ' + at + ' ' + items);
  }

  void answer(String id, long at, Answer answer, String said) {
    note(ANSWER + ' ' + id + ' ' + at + ' ' + answer + ' ' + said);
  }

  /** All that was asked for has been answered. */
  void stopped() {
    note(STOPPED);
  }

  private synchronized void note(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
