package io.github.reactivesqlite.demo.lab.scenarios;

import java.util.List;
import java.util.stream.IntStream;

/** What the generator generates: the same on both sides. */
final class TopicContent {

  private static final String SENTENCE = "A sentence about the topic that goes on for a while. ";
  private static final int SENTENCES = 20;

  static String body(int topic, long seq) {
    return "Topic " + topic + ", item " + seq + ". " + SENTENCE.repeat(SENTENCES);
  }

  static List<String> keywords(int topic, long seq) {
    return IntStream.range(0, Topics.KEYWORDS)
        .mapToObj(i -> "word-" + topic + "-" + (seq + i) % 100)
        .toList();
  }

  private TopicContent() {}
}
