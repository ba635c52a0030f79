package io.github.reactivesqlite.reliability.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges the entries in the file by the operations that wrote them. */
final class EntryRules extends Rules {

  private final Map<String, List<Content.Entry>> byUnit;
  private final List<Timeline.Step> steps = new ArrayList<>();

  EntryRules(History history, Content content, List<Violation> violations) {
    super(history, content, violations);
    this.byUnit = content.entries().stream().collect(Collectors.groupingBy(Content.Entry::unit));
  }

  /** How many entries an operation has in the file. */
  int present(String unit) {
    return byUnit.getOrDefault(unit, List.of()).size();
  }

  /** Every entry with the times of its operation. */
  List<Timeline.Step> steps() {
    return steps;
  }

  @Override
  void judge() {
    sequence();
    for (Operation operation : history.operations()) {
      List<Content.Entry> there = byUnit.getOrDefault(operation.id(), List.of());
      if (operation.kind() == Kind.WRITE) {
        unit(operation, there);
      } else if (operation.kind() == Kind.STREAM) {
        stream(operation, there);
      } else if (!there.isEmpty()) {
        broken(Rule.NOTHING_IS_INVENTED, operation + " wrote no entries: " + there);
      }
    }
    for (String unit : byUnit.keySet()) {
      if (!history.byId().containsKey(unit)) {
        broken(Rule.NOTHING_IS_INVENTED, "nobody asked for the unit " + unit);
      }
    }
    producers();
  }

  /** Numbers are given to the largest plus one, and rows are never deleted. */
  private void sequence() {
    long expected = 1;
    for (Content.Entry entry : content.entries()) {
      if (entry.seq() != expected) {
        broken(Rule.NOTHING_SEEN_IS_LOST, "number " + expected + " is missing before " + entry);
      }
      expected = entry.seq() + 1;
    }
  }

  private void unit(Operation operation, List<Content.Entry> there) {
    long rows = operation.number("rows");
    if (operation.is(Answer.FAILED) && !there.isEmpty()) {
      broken(Rule.NOTHING_FAILED_IS_THERE, operation + " has " + there);
    }
    if (operation.is(Answer.OK) && there.isEmpty()) {
      broken(Rule.NOTHING_ACKNOWLEDGED_IS_LOST, operation.toString());
    }
    if (there.isEmpty()) {
      return;
    }
    wholeOnce(operation, there, rows);
    long first = there.stream().mapToLong(Content.Entry::seq).min().orElseThrow();
    if (operation.says("seq") && operation.number("seq") != first) {
      broken(Rule.RETURNED_IS_COMMITTED, operation + " was told a number that is not " + first);
    }
    for (Content.Entry entry : there) {
      steps.add(Timeline.Step.of(entry.seq(), operation));
    }
  }

  private void wholeOnce(Operation operation, List<Content.Entry> there, long rows) {
    Set<Long> numbers = new HashSet<>();
    for (Content.Entry entry : there) {
      if (!numbers.add(entry.n())) {
        broken(Rule.NOTHING_IS_THERE_TWICE, operation + ": " + entry);
      }
    }
    if (numbers.size() != rows) {
      broken(Rule.NO_UNIT_IS_PARTIAL, operation + " has " + numbers.size() + " of " + rows);
    }
    long from = there.stream().mapToLong(Content.Entry::seq).min().orElseThrow();
    long to = there.stream().mapToLong(Content.Entry::seq).max().orElseThrow();
    if (to - from + 1 != there.size()) {
      broken(Rule.NO_UNITS_ARE_INTERLEAVED, operation + ": " + there);
    }
  }

  private void stream(Operation operation, List<Content.Entry> there) {
    List<Content.Entry> inOrder =
        there.stream().sorted(Comparator.comparingLong(Content.Entry::seq)).toList();
    for (int i = 0; i < inOrder.size(); i++) {
      Content.Entry entry = inOrder.get(i);
      if (entry.n() != i) {
        boolean again = entry.n() < i;
        broken(
            again ? Rule.NOTHING_IS_THERE_TWICE : Rule.STREAMS_ARE_PREFIXES,
            operation + ": " + entry + " at " + i);
        return;
      }
      steps.add(
          new Timeline.Step(
              entry.seq(), operation.invoked(), acknowledged(operation, i), operation.id()));
    }
    streamLength(operation, inOrder.size());
    chunks(operation, inOrder);
  }

  private static long acknowledged(Operation operation, long item) {
    for (Operation.Progress progress : operation.progress()) {
      if (progress.items() > item) {
        return progress.at();
      }
    }
    return operation.is(Answer.OK) ? operation.answered() : Long.MAX_VALUE;
  }

  private void streamLength(Operation operation, long there) {
    long told = operation.progress().stream().mapToLong(Operation.Progress::items).max().orElse(0);
    if (operation.is(Answer.OK)) {
      told = operation.number("items");
    } else if (operation.says("committed")) {
      told = Math.max(told, operation.number("committed"));
    }
    if (there < told) {
      broken(Rule.NOTHING_ACKNOWLEDGED_IS_LOST, operation + " has " + there + " of " + told);
    }
    if (operation.is(Answer.FAILED) && there > told) {
      broken(Rule.NOTHING_FAILED_IS_THERE, operation + " has " + there + ", not " + told);
    }
    if (there > operation.number("items")) {
      broken(Rule.NOTHING_IS_INVENTED, operation + " has " + there);
    }
  }

  private void chunks(Operation operation, List<Content.Entry> inOrder) {
    Map<Long, List<Content.Entry>> byFirst =
        inOrder.stream()
            .filter(entry -> entry.size() > 0)
            .collect(Collectors.groupingBy(Content.Entry::first));
    byFirst.forEach(
        (first, chunk) -> {
          if (chunk.size() != chunk.get(0).size()) {
            broken(Rule.NO_UNIT_IS_PARTIAL, operation + ": " + chunk);
          }
          if (chunk.get(chunk.size() - 1).seq() - chunk.get(0).seq() + 1 != chunk.size()) {
            broken(Rule.NO_UNITS_ARE_INTERLEAVED, operation + ": " + chunk);
          }
        });
  }

  /** A client with a name waits for each answer, or cancels: nothing of it overtakes itself. */
  private void producers() {
    Map<String, Operation> lastOf = new HashMap<>();
    Map<String, Long> lastSeqOf = new HashMap<>();
    for (Operation operation :
        history.operations().stream()
            .filter(each -> !each.client().equals(Operation.ANYBODY))
            .filter(each -> present(each.id()) > 0)
            .sorted(Comparator.comparingLong(Operation::invoked))
            .toList()) {
      List<Content.Entry> there = byUnit.get(operation.id());
      long first = there.stream().mapToLong(Content.Entry::seq).min().orElseThrow();
      Operation last = lastOf.put(operation.client(), operation);
      if (last != null && lastSeqOf.get(operation.client()) > first) {
        broken(Rule.PRODUCERS_KEEP_THEIR_ORDER, operation + " comes before " + last);
      }
      lastSeqOf.put(
          operation.client(), there.stream().mapToLong(Content.Entry::seq).max().orElseThrow());
    }
  }
}
