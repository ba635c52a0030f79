package io.github.reactivesqlite.reliability.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Things that were made in a known order (entries, versions of a row, values of a counter), and
 * reads that saw them up to some point. All rules about real time follow from that; each is judged
 * in O(n log n).
 */
final class Timeline {

  /**
   * A thing made.
   *
   * @param order its place
   * @param invoked when it was asked for
   * @param acknowledged when it was acknowledged; {@link Long#MAX_VALUE} if never
   * @param who the operation
   */
  record Step(long order, long invoked, long acknowledged, String who) {

    /** Made by an operation as a whole. */
    static Step of(long order, Operation maker) {
      return new Step(
          order,
          maker.invoked(),
          maker.is(Answer.OK) ? maker.answered() : Long.MAX_VALUE,
          maker.id());
    }
  }

  /**
   * A read.
   *
   * @param order up to where it saw
   * @param invoked when it was asked for
   * @param answered when it was answered
   * @param who the operation
   */
  record Look(long order, long invoked, long answered, String who) {

    static Look of(long order, Operation look) {
      return new Look(order, look.invoked(), look.answered(), look.id());
    }
  }

  private final String what;
  private final List<Step> steps;
  private final List<Look> looks;
  private final List<Violation> violations = new ArrayList<>();

  private Timeline(String what, Collection<Step> steps, Collection<Look> looks) {
    this.what = what;
    this.steps = steps.stream().sorted(Comparator.comparingLong(Step::order)).toList();
    this.looks = List.copyOf(looks);
  }

  static List<Violation> judge(String what, Collection<Step> steps, Collection<Look> looks) {
    Timeline timeline = new Timeline(what, steps, looks);
    timeline.realTimeOrder();
    timeline.staleReads();
    timeline.readsAhead();
    timeline.readsBack();
    return timeline.violations;
  }

  /** From the end: nothing that comes later was acknowledged before this was asked for. */
  private void realTimeOrder() {
    Step earliest = null;
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (earliest != null
          && earliest.acknowledged() < step.invoked()
          && earliest.order() != step.order()) {
        broken(Rule.REAL_TIME_ORDER, step + " comes before " + earliest);
      }
      if (earliest == null || step.acknowledged() < earliest.acknowledged()) {
        earliest = step;
      }
    }
  }

  private void staleReads() {
    List<Step> acknowledged =
        steps.stream()
            .filter(step -> step.acknowledged() != Long.MAX_VALUE)
            .sorted(Comparator.comparingLong(Step::acknowledged))
            .toList();
    long[] times = acknowledged.stream().mapToLong(Step::acknowledged).toArray();
    long[] latest = mostSoFar(acknowledged, Step::order);
    for (Look look : looks) {
      int before = countBelow(times, look.invoked());
      if (before > 0 && latest[before - 1] > look.order()) {
        broken(Rule.NO_READ_IS_STALE, look + " missed " + latest[before - 1]);
      }
    }
  }

  private void readsAhead() {
    long[] orders = steps.stream().mapToLong(Step::order).toArray();
    long[] latestInvocation = mostSoFar(steps, Step::invoked);
    for (Look look : looks) {
      int seen = countBelow(orders, look.order() + 1);
      if (seen > 0 && latestInvocation[seen - 1] > look.answered()) {
        broken(Rule.NO_READ_IS_AHEAD, look + " saw what was not asked for yet");
      }
    }
  }

  private void readsBack() {
    List<Look> byEnd = looks.stream().sorted(Comparator.comparingLong(Look::answered)).toList();
    long[] ends = byEnd.stream().mapToLong(Look::answered).toArray();
    long[] most = mostSoFar(byEnd, Look::order);
    for (Look look : looks) {
      int before = countBelow(ends, look.invoked());
      if (before > 0 && most[before - 1] > look.order()) {
        broken(Rule.NO_READ_GOES_BACK, look + " after " + most[before - 1] + " was seen");
      }
    }
  }

  /** For each, the largest value up to and with it. */
  private static <T> long[] mostSoFar(List<T> inOrder, ToLongFunction<T> value) {
    long[] most = inOrder.stream().mapToLong(value).toArray();
    Arrays.parallelPrefix(most, Math::max);
    return most;
  }

  private void broken(Rule rule, String where) {
    violations.add(new Violation(rule, what + ": " + where));
  }

  /** How many of the ascending values are below the bound. */
  static int countBelow(long[] ascending, long bound) {
    int at = Arrays.binarySearch(ascending, bound);
    if (at < 0) {
      return -at - 1;
    }
    while (at > 0 && ascending[at - 1] == bound) {
      at--;
    }
    return at;
  }
}
