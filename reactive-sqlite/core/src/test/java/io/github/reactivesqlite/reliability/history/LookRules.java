package io.github.reactivesqlite.reliability.history;

import java.util.List;

/** Judges what reads of the entries saw. */
final class LookRules extends Rules {

  private final EntryRules entries;

  LookRules(History history, Content content, EntryRules entries, List<Violation> violations) {
    super(history, content, violations);
    this.entries = entries;
  }

  @Override
  void judge() {
    List<Operation> looks = succeeded(history.operations(Kind.LOOK));
    looks.forEach(this::snapshot);
    timeline("entries", entries.steps(), looks, "max");
    succeeded(history.operations(Kind.LOOK_UNIT)).forEach(this::unit);
    if (content.left() + content.right() != Content.BOTH_SIDES) {
      broken(
          Rule.NO_UNIT_IS_PARTIAL, "the sides hold " + content.left() + " and " + content.right());
    }
  }

  private void snapshot(Operation look) {
    long max = look.number("max");
    boolean isWhole = look.number("count") == max;
    boolean isSteady = !look.says("again") || look.number("again") == max;
    boolean isBalanced =
        !look.says("left") || look.number("left") + look.number("right") == Content.BOTH_SIDES;
    if (!isWhole || !isSteady || !isBalanced) {
      broken(Rule.READS_ARE_SNAPSHOTS, look.toString());
    }
    if (max > content.entries().size()) {
      broken(Rule.NOTHING_SEEN_IS_LOST, look + " of " + content.entries().size());
    }
  }

  private void unit(Operation look) {
    long seen = look.number("rows");
    Operation unit = history.byId().get(look.text("unit"));
    if (unit == null) {
      broken(Rule.NOTHING_IS_INVENTED, look + " asked for a unit that nobody wrote");
      return;
    }
    if (seen > 0 && seen != unit.number("rows")) {
      broken(Rule.READS_ARE_SNAPSHOTS, look + " saw a part of " + unit);
    }
    if (seen > 0 && unit.is(Answer.FAILED)) {
      broken(Rule.NOTHING_FAILED_IS_THERE, look + " saw " + unit);
    } else if (seen > 0 && entries.present(unit.id()) == 0) {
      broken(Rule.NOTHING_SEEN_IS_LOST, look + " saw " + unit);
    }
    if (seen > 0 && look.answered() < unit.invoked()) {
      broken(Rule.NO_READ_IS_AHEAD, look + " saw " + unit);
    }
    if (seen == 0 && unit.is(Answer.OK) && unit.answered() < look.invoked()) {
      broken(Rule.NO_READ_IS_STALE, look + " missed " + unit);
    }
  }
}
