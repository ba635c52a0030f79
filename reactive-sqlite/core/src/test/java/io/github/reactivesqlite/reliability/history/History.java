package io.github.reactivesqlite.reliability.history;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All that the processes had noted. */
final class History {

  private static final class Noted {
    private final String[] invocation;
    private final Map<String, String> said = new HashMap<>();
    private final List<Operation.Progress> progress = new ArrayList<>();
    private long answered = Long.MAX_VALUE;
    private Answer answer = Answer.NONE;

    private Noted(String[] invocation) {
      this.invocation = invocation;
      say(invocation, 5);
    }

    private void say(String[] words, int from) {
      for (int i = from; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        said.put(words[i].substring(0, equals), words[i].substring(equals + 1));
      }
    }

    private Operation operation() {
      return new Operation(
          invocation[1],
          invocation[3],
          Kind.valueOf(invocation[4]),
          Long.parseLong(invocation[2]),
          answered,
          answer,
          Map.copyOf(said),
          List.copyOf(progress));
    }
  }

  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final List<Violation> violations = new ArrayList<>();

  /** Adds an operation. */
  History add(Operation operation) {
    if (operations.put(operation.id(), operation) != null) {
      violations.add(new Violation(Rule.ANSWERED_ONCE, "two operations " + operation.id()));
    }
    return this;
  }

  /** Adds the log of one life of a process. */
  History addLog(Path log) throws IOException {
    String text = Files.readString(log, StandardCharsets.UTF_8);
    // A process may be killed in the middle of a line
    return addLog(Stream.of(text.substring(0, text.lastIndexOf('\n') + 1).split("\n")).toList());
  }

  /** Adds the lines of one life of a process. */
  History addLog(List<String> lines) {
    Map<String, Noted> noted = new LinkedHashMap<>();
    boolean isDrained = false;
    for (String line : lines) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case HistoryLog.INVOKE -> noted.put(words[1], new Noted(words));
        case HistoryLog.PROGRESS ->
            noted
                .get(words[1])
                .progress
                .add(new Operation.Progress(Long.parseLong(words[2]), Long.parseLong(words[3])));
        case HistoryLog.ANSWER -> answer(noted.get(words[1]), words);
        case HistoryLog.STOPPED -> isDrained = true;
        default -> {
          if (!line.isEmpty()) {
            throw new IllegalArgumentException(line);
          }
        }
      }
    }
    for (Noted each : noted.values()) {
      Operation operation = each.operation();
      add(operation);
      if (isDrained && operation.is(Answer.NONE)) {
        violations.add(new Violation(Rule.EVERYTHING_IS_ANSWERED, operation.toString()));
      }
    }
    return this;
  }

  private void answer(Noted noted, String[] words) {
    if (noted.answer != Answer.NONE) {
      violations.add(new Violation(Rule.ANSWERED_ONCE, String.join(" ", words)));
      return;
    }
    noted.answered = Long.parseLong(words[2]);
    noted.answer = Answer.valueOf(words[3]);
    noted.say(words, 4);
  }

  Collection<Operation> operations() {
    return operations.values();
  }

  List<Operation> operations(Kind kind) {
    return operations.values().stream().filter(operation -> operation.kind() == kind).toList();
  }

  Map<String, Operation> byId() {
    return operations;
  }

  /** What the logs alone show to be wrong. */
  List<Violation> violations() {
    return violations;
  }
}
