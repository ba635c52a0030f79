package io.github.reactivesqlite.reliability.history;

import java.util.Collection;
import java.util.List;

/** Holds one kind of operation against the file, and notes each rule that is broken. */
abstract class Rules {

  final History history;
  final Content content;
  private final List<Violation> violations;

  Rules(History history, Content content, List<Violation> violations) {
    this.history = history;
    this.content = content;
    this.violations = violations;
  }

  abstract void judge();

  /** The operations of a kind on one of the things it works on. */
  final List<Operation> about(String thing, long id, Kind kind) {
    return history.operations(kind).stream()
        .filter(operation -> operation.number(thing) == id)
        .toList();
  }

  static List<Operation> succeeded(List<Operation> operations) {
    return operations.stream().filter(operation -> operation.is(Answer.OK)).toList();
  }

  /** Judges the order of what was made and of what was seen; {@code order} tells up to where. */
  final void timeline(
      String name, Collection<Timeline.Step> steps, List<Operation> looks, String order) {
    violations.addAll(
        Timeline.judge(
            name,
            steps,
            looks.stream().map(look -> Timeline.Look.of(look.number(order), look)).toList()));
  }

  final void broken(Rule rule, String what) {
    violations.add(new Violation(rule, what));
  }
}
