package io.github.reactivesqlite.reliability.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds a history against what the file holds in the end, rule by rule. It says nothing if and only
 * if no rule is broken.
 */
final class HistoryChecker {

  private HistoryChecker() {}

  static List<Violation> judge(History history, Content content) {
    List<Violation> violations = new ArrayList<>(history.violations());
    answers(history, violations);
    EntryRules entries = new EntryRules(history, content, violations);
    entries.judge();
    new LookRules(history, content, entries, violations).judge();
    new CounterRules(history, content, violations).judge();
    new SwapRules(history, content, violations).judge();
    new ClaimRules(history, content, violations).judge();
    return violations;
  }

  private static void answers(History history, List<Violation> violations) {
    for (Operation operation : history.operations()) {
      boolean fails = operation.mustFail();
      if (fails && operation.is(Answer.OK)) {
        violations.add(new Violation(Rule.WHAT_MUST_FAIL_FAILS, operation.toString()));
      }
      if (!fails && operation.says("error")) {
        violations.add(new Violation(Rule.NOTHING_FAILS_UNPROVOKED, operation.toString()));
      }
    }
  }
}
