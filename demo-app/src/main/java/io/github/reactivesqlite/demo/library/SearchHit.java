package io.github.reactivesqlite.demo.library;

import java.util.List;

/**
 * A paragraph that was found.
 *
 * @param documentId the document's number
 * @param path where the document lies
 * @param title the document's title
 * @param position the paragraph's position in the document, from 0
 * @param snippet the part of the paragraph round the words that were found
 */
public record SearchHit(
    long documentId, String path, String title, int position, List<Segment> snippet) {

  /**
   * A piece of text. Marked by being apart instead of by markup, so that nobody is tempted to show
   * the text of a file as HTML.
   *
   * @param text the text
   * @param hit whether it is one of the words that were looked for
   */
  public record Segment(String text, boolean hit) {}
}
