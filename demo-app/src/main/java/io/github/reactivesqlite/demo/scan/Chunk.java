package io.github.reactivesqlite.demo.scan;

import java.util.List;

/**
 * Some paragraphs of one file: what one unit writes.
 *
 * @param first position of the first paragraph in the document, from 0
 * @param paragraphs the texts; empty only for a file without any
 * @param last whether the file ends here
 */
record Chunk(int first, List<String> paragraphs, boolean last) {

  Chunk {
    paragraphs = List.copyOf(paragraphs);
  }

  int end() {
    return first + paragraphs.size();
  }
}
