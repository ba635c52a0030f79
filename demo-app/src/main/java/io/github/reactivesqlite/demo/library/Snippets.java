package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.demo.library.SearchHit.Segment;
import java.util.ArrayList;
import java.util.List;

/** Takes the marks out of a snippet. They are control characters, which no stored text has. */
final class Snippets {

  static final String OPEN = "\u0001";
  static final String CLOSE = "\u0002";

  static List<Segment> segments(String marked) {
    List<Segment> segments = new ArrayList<>();
    int start = 0;
    boolean hit = false;
    for (int i = 0; i <= marked.length(); i++) {
      boolean end = i == marked.length();
      if (end || marked.charAt(i) == OPEN.charAt(0) || marked.charAt(i) == CLOSE.charAt(0)) {
        if (i > start) {
          segments.add(new Segment(marked.substring(start, i), hit));
        }
        hit = !end && marked.charAt(i) == OPEN.charAt(0);
        start = i + 1;
      }
    }
    return segments;
  }

  private Snippets() {}
}
