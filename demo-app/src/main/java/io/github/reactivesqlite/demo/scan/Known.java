package io.github.reactivesqlite.demo.scan;

import java.time.Instant;

/**
 * What the library knows about a file.
 *
 * @param path how it is called in the library
 * @param size its bytes
 * @param modified when it was changed
 * @param checksum of its bytes; empty while it is not written completely
 * @param scanId the scan that wrote or compared it last; 0 if that was before scans were counted
 */
record Known(String path, long size, Instant modified, String checksum, long scanId) {

  static final String COLUMNS =
      "path, size, modified, coalesce(checksum, '') AS checksum, coalesce(scan_id, 0) AS scan_id";

  boolean looksLike(FoundFile file) {
    return !checksum.isEmpty()
        && size == file.attributes().size()
        && modified.equals(TextFile.modified(file.attributes()));
  }

  boolean hasContentOf(TextFile file) {
    return checksum.equals(file.checksum());
  }
}
