package io.github.reactivesqlite.demo.scan;

import java.time.Instant;

/**
 * What the library knows about a file.
 *
 * @param path how it is called in the library
 * @param size its bytes
 * @param modified when it was changed
 * @param checksum of its bytes; empty while it is not written completely, and if it is no text
 * @param scanId the scan that wrote or compared it last; 0 if that was before scans were counted
 * @param isText whether it is a document; other files are known so that they are not opened again
 */
record Known(
    String path, long size, Instant modified, String checksum, long scanId, boolean isText) {

  static final String DOCUMENTS =
      "SELECT path, size, modified, coalesce(checksum, '') AS checksum,"
          + " coalesce(scan_id, 0) AS scan_id, 1 AS is_text FROM document";

  /** All documents, and the files that are none. */
  static final String ALL =
      DOCUMENTS
          + " WHERE path NOT IN (SELECT path FROM left_out)"
          + " UNION ALL SELECT path, size, modified, '', scan_id, 0 FROM left_out";

  boolean looksLike(FoundFile file) {
    return !(isText && checksum.isEmpty())
        && size == file.attributes().size()
        && modified.equals(TextFile.modified(file.attributes()));
  }

  boolean hasContentOf(TextFile file) {
    return checksum.equals(file.checksum());
  }
}
