package io.github.reactivesqlite.reliability.power;

import java.nio.charset.StandardCharsets;

/**
 * One record of {@code plog.c}.
 *
 * @param op what was done
 * @param fd the file descriptor it was done to; -1 for changes of names
 * @param offset where a write begins, the new size of a truncated file, or how a file was opened
 * @param payload the data, the names, or the text
 */
record Event(Op op, int fd, long offset, byte[] payload) {

  static final long CREATED = 1;
  static final long EMPTIED = 2;

  /** In the order of {@code plog.c}. */
  enum Op {
    OPEN,
    WRITE,
    TRUNCATE,
    SYNC,
    UNLINK,
    RENAME,
    LINK,
    SYNC_DIRECTORY,
    MARK
  }

  boolean is(Op other) {
    return op == other;
  }

  /** The payload as text. */
  String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** The old and the new name of a file. */
  String[] names() {
    return text().split("\n", 2);
  }
}
