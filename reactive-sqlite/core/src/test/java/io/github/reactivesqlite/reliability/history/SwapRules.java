package io.github.reactivesqlite.reliability.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judges the versioned rows: who made which version, and who was refused. */
final class SwapRules extends Rules {

  SwapRules(History history, Content content, List<Violation> violations) {
    super(history, content, violations);
  }

  @Override
  void judge() {
    for (Map.Entry<Long, Content.Version> row : content.rows().entrySet()) {
      long id = row.getKey();
      new OneRow(
              "row " + id,
              row.getValue(),
              about("row", id, Kind.SWAP),
              succeeded(about("row", id, Kind.LOOK_ROW)))
          .judge();
    }
  }

  private final class OneRow {
    private final String name;
    private final Content.Version end;
    private final List<Operation> swaps;
    private final List<Operation> looks;
    private final Map<Long, Operation> makers = new HashMap<>();
    private final Map<Long, List<Operation>> candidates = new HashMap<>();

    private OneRow(String name, Content.Version end, List<Operation> swaps, List<Operation> looks) {
      this.name = name;
      this.end = end;
      this.swaps = swaps;
      this.looks = looks;
    }

    private void judge() {
      List<Timeline.Step> steps = new ArrayList<>();
      for (Operation swap : swaps) {
        long made = swap.number("version") + 1;
        if (swap.isOpen()) {
          candidates.computeIfAbsent(made, version -> new ArrayList<>()).add(swap);
        } else if (swap.is(Answer.OK) && swap.number("changed") > 0) {
          Operation other = makers.put(made, swap);
          if (other != null) {
            broken(Rule.ONE_SWAP_MAKES_A_VERSION, other + " and " + swap);
          }
          steps.add(Timeline.Step.of(made, swap));
        }
      }
      long latest = makers.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
      if (end.version() < latest) {
        broken(Rule.NOTHING_ACKNOWLEDGED_IS_LOST, end + ", but " + makers.get(latest));
      }
      for (long version = 1; version <= end.version(); version++) {
        if (!makers.containsKey(version) && !candidates.containsKey(version)) {
          broken(Rule.NOTHING_IS_INVENTED, "nobody made version " + version);
        }
      }
      seen(end.version(), end.writer(), "the end");
      swaps.forEach(this::refusal);
      looks.forEach(this::look);
      timeline(name, steps, looks, "version");
    }

    /** Its version must have been gone: somebody had asked for the next one. */
    private void refusal(Operation swap) {
      if (!swap.is(Answer.OK) || swap.number("changed") > 0) {
        return;
      }
      long made = swap.number("version") + 1;
      Operation maker = makers.get(made);
      boolean hasReason =
          maker != null
              ? maker.invoked() <= swap.answered()
              : candidates.getOrDefault(made, List.of()).stream()
                  .anyMatch(other -> other.invoked() <= swap.answered());
      if (!hasReason) {
        broken(Rule.SWAPS_ARE_REFUSED_FOR_A_REASON, swap.toString());
      }
    }

    private void look(Operation look) {
      if (look.number("version") > end.version()) {
        broken(Rule.NOTHING_SEEN_IS_LOST, look + " of " + end);
      }
      seen(look.number("version"), look.text("writer"), look.toString());
    }

    private void seen(long version, String writer, String where) {
      if (version == 0) {
        return;
      }
      Operation maker = makers.get(version);
      boolean isRight =
          maker != null
              ? maker.id().equals(writer)
              : candidates.getOrDefault(version, List.of()).stream()
                  .anyMatch(other -> other.id().equals(writer));
      if (!isRight) {
        Operation told = history.byId().get(writer);
        boolean hadFailed = told != null && told.is(Answer.FAILED);
        broken(
            hadFailed ? Rule.NOTHING_FAILED_IS_THERE : Rule.ONE_SWAP_MAKES_A_VERSION,
            where + ": version " + version + " by " + writer + ", not " + maker);
      }
    }

    private void broken(Rule rule, String what) {
      SwapRules.this.broken(rule, name + ": " + what);
    }
  }
}
