package io.github.reactivesqlite.reliability.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judges the counters by the increments and the reads of them. */
final class CounterRules extends Rules {

  CounterRules(History history, Content content, List<Violation> violations) {
    super(history, content, violations);
  }

  @Override
  void judge() {
    for (Map.Entry<Long, Long> counter : content.counters().entrySet()) {
      long id = counter.getKey();
      judge(
          "counter " + id,
          counter.getValue(),
          about("counter", id, Kind.INCREMENT),
          succeeded(about("counter", id, Kind.LOOK_COUNTER)));
    }
  }

  private void judge(String name, long end, List<Operation> increments, List<Operation> looks) {
    long told = increments.stream().filter(each -> each.is(Answer.OK)).count();
    long possible = told + increments.stream().filter(Operation::isOpen).count();
    if (end < told || end > possible) {
      broken(
          Rule.COUNTERS_ADD_UP,
          name + " is " + end + " after " + told + " to " + possible + " increments");
    }
    List<Timeline.Step> steps = new ArrayList<>();
    Map<Long, Operation> makers = new HashMap<>();
    for (Operation increment : increments) {
      if (increment.is(Answer.OK) && increment.says("n")) {
        long n = increment.number("n");
        steps.add(Timeline.Step.of(n, increment));
        Operation other = makers.put(n, increment);
        if (other != null) {
          broken(Rule.COUNTERS_ADD_UP, name + ": both became " + n + ": " + other + increment);
        }
        if (n > end) {
          broken(Rule.RETURNED_IS_COMMITTED, name + " is " + end + " after " + increment);
        }
      }
    }
    bounds(name, end, increments, looks);
    timeline(name, steps, looks, "n");
  }

  /**
   * Not less than was acknowledged before, not more than was asked for until its end. Equal times
   * prove no order.
   */
  private void bounds(String name, long end, List<Operation> increments, List<Operation> looks) {
    long[] acknowledged =
        increments.stream()
            .filter(each -> each.is(Answer.OK))
            .mapToLong(Operation::answered)
            .sorted()
            .toArray();
    long[] invoked =
        increments.stream()
            .filter(each -> !each.is(Answer.FAILED))
            .mapToLong(Operation::invoked)
            .sorted()
            .toArray();
    for (Operation look : looks) {
      if (look.number("n") > end) {
        broken(Rule.NOTHING_SEEN_IS_LOST, name + " is " + end + " after " + look);
      }
      long least = Timeline.countBelow(acknowledged, look.invoked());
      long most = Timeline.countBelow(invoked, look.answered() + 1);
      if (look.number("n") < least) {
        broken(Rule.NO_READ_IS_STALE, name + ": " + look + " after " + least);
      }
      if (look.number("n") > most) {
        broken(Rule.NO_READ_IS_AHEAD, name + ": " + look + " of " + most);
      }
    }
  }
}
