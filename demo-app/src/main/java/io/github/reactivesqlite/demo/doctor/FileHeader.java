package io.github.reactivesqlite.demo.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the first bytes of a database file say.
 *
 * @param pageSize bytes of a page
 * @param wal whether the file asks for a write-ahead log
 * @param changeCounter grows with each transaction that does not go through a write-ahead log
 * @see <a href="https://www.sqlite.org/fileformat2.html#the_database_header">The header</a>
 */
record FileHeader(int pageSize, boolean wal, int changeCounter) {

  private static final int LENGTH = 100;
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.ISO_8859_1);

  /**
   * Reads it; empty if the file is no database. Only while this process has no connection to the
   * file: closing it again would drop that one's locks.
   */
  static Optional<FileHeader> read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LENGTH);
    }
    if (bytes.length < LENGTH || !startsWithMagic(bytes)) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int pageSize = header.getShort(16) & 0xFFFF;
    return Optional.of(
        new FileHeader(pageSize == 1 ? 65_536 : pageSize, bytes[19] == 2, header.getInt(24)));
  }

  private static boolean startsWithMagic(byte[] bytes) {
    return ByteBuffer.wrap(bytes, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }
}
