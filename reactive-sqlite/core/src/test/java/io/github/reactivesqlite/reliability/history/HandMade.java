package io.github.reactivesqlite.reliability.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A history written by hand, a line each:
 *
 * <ul>
 *   <li>{@code a 10..20 WRITE OK rows=1}: asked for at 10, answered at 20; {@code a 10.. WRITE
 *       rows=1}: never answered; {@code by=p} names the client;
 *   <li>{@code entry a 0} or {@code entry a 0 of 0 2}, {@code counter 0 1}, {@code row 0 1 a},
 *       {@code owner 7 a}, {@code sides 4000 4000}, {@code gap}: what the file holds in the end,
 *       entries in the order of their numbers, with one number left out at a gap;
 *   <li>{@code life}: the log of the next life of a process begins;
 *   <li>any other line is one of the log as it is.
 * </ul>
 */
final class HandMade {

  private final List<List<String>> logs = new ArrayList<>(List.of(new ArrayList<>()));
  private final List<Content.Entry> entries = new ArrayList<>();
  private final Map<Long, Long> counters = new HashMap<>();
  private final Map<Long, Content.Version> rows = new HashMap<>();
  private final Map<Long, String> owners = new HashMap<>();
  private long left = Content.BOTH_SIDES / 2;
  private long right = Content.BOTH_SIDES / 2;
  private long nextEntry = 1;

  HandMade(String lines) {
    lines.lines().filter(line -> !line.isBlank()).forEach(this::add);
  }

  List<Violation> judge() {
    History history = new History();
    logs.forEach(history::addLog);
    return HistoryChecker.judge(history, new Content(entries, counters, rows, owners, left, right));
  }

  private void add(String line) {
    String[] words = line.trim().split(" +");
    switch (words[0]) {
      case "entry" -> entry(words);
      case "gap" -> nextEntry++;
      case "counter" -> counters.put(number(words[1]), number(words[2]));
      case "row" -> rows.put(number(words[1]), new Content.Version(number(words[2]), words[3]));
      case "owner" -> owners.put(number(words[1]), words[2]);
      case "sides" -> {
        left = number(words[1]);
        right = number(words[2]);
      }
      case "life" -> logs.add(new ArrayList<>());
      default -> log(line, words);
    }
  }

  private void entry(String[] words) {
    boolean isOfChunk = words.length > 3;
    long first = isOfChunk ? number(words[4]) : 0;
    long size = isOfChunk ? number(words[5]) : 0;
    entries.add(new Content.Entry(nextEntry++, words[1], number(words[2]), first, size));
  }

  private void log(String line, String[] words) {
    List<String> log = logs.get(logs.size() - 1);
    if (words.length < 2 || !words[1].contains("..")) {
      log.add(line);
      return;
    }
    String[] times = words[1].split("\\.\\.");
    boolean isAnswered = times.length > 1;
    String client = Operation.ANYBODY;
    List<String> said = new ArrayList<>();
    for (String word : Arrays.asList(words).subList(isAnswered ? 4 : 3, words.length)) {
      if (word.startsWith("by=")) {
        client = word.substring(3);
      } else {
        said.add(word);
      }
    }
    log.add(
        String.join(
            " ", HistoryLog.INVOKE, words[0], times[0], client, words[2], String.join(" ", said)));
    if (isAnswered) {
      log.add(String.join(" ", HistoryLog.ANSWER, words[0], times[1], words[3]));
    }
  }

  private static long number(String word) {
    return Long.parseLong(word);
  }
}
