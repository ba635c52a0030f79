package io.github.reactivesqlite.reliability.history;

import java.util.Set;

/**
 * Two histories by hand that differ in little: one that keeps all rules, and one that breaks some.
 *
 * @param rules those that are broken, no more and no fewer
 * @param what is shown
 * @param both lines of both
 * @param kept lines of the right one
 * @param broken lines of the wrong one
 */
record Example(Set<Rule> rules, String what, String both, String kept, String broken) {

  static Example of(Rule rule, String what, String both, String kept, String broken) {
    return new Example(Set.of(rule), what, both, kept, broken);
  }

  @Override
  public String toString() {
    return rules + ": " + what;
  }
}
