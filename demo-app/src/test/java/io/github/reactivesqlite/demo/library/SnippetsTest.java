package io.github.reactivesqlite.demo.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.library.SearchHit.Segment;
import org.junit.jupiter.api.Test;

class SnippetsTest {

  @Test
  void marksBecomeSegments() {
    assertThat(Snippets.segments("…the \u0001cat\u0002 sat\u0001down\u0002"))
        .containsExactly(
            new Segment("…the ", false),
            new Segment("cat", true),
            new Segment(" sat", false),
            new Segment("down", true));
  }

  @Test
  void textWithoutMarksIsOneSegment() {
    assertThat(Snippets.segments("plain")).containsExactly(new Segment("plain", false));
    assertThat(Snippets.segments("")).isEmpty();
  }
}
