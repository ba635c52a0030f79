package io.github.reactivesqlite.reliability.history;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Judges the unique keys: who has one, and who was refused. */
final class ClaimRules extends Rules {

  ClaimRules(History history, Content content, List<Violation> violations) {
    super(history, content, violations);
  }

  @Override
  void judge() {
    Map<Long, List<Operation>> byKey =
        history.operations(Kind.CLAIM).stream()
            .collect(Collectors.groupingBy(claim -> claim.number("key")));
    byKey.forEach((key, claims) -> judge("key " + key, claims, content.owners().get(key)));
    for (Map.Entry<Long, String> owner : content.owners().entrySet()) {
      Operation claim = history.byId().get(owner.getValue());
      if (claim == null || claim.kind() != Kind.CLAIM || claim.number("key") != owner.getKey()) {
        broken(Rule.NOTHING_IS_INVENTED, "key " + owner.getKey() + " of " + owner.getValue());
      }
    }
  }

  private void judge(String name, List<Operation> claims, @Nullable String owner) {
    Operation winner = owner == null ? null : history.byId().get(owner);
    List<Operation> told = claims.stream().filter(claim -> claim.is(Answer.OK)).toList();
    if (told.size() > 1) {
      broken(Rule.ONE_CLAIM_TAKES_A_KEY, name + ": " + told);
    }
    for (Operation claim : told) {
      if (winner == null || !winner.id().equals(claim.id())) {
        broken(Rule.NOTHING_ACKNOWLEDGED_IS_LOST, name + ": " + claim + ", but " + winner);
      }
    }
    if (winner != null && winner.is(Answer.FAILED)) {
      broken(Rule.NOTHING_FAILED_IS_THERE, name + ": " + winner);
    }
    for (Operation claim : claims) {
      boolean isRefused = claim.is(Answer.FAILED) && "UNIQUE".equals(claim.text("why"));
      // Keys are never given back: whoever has it in the end had it then
      if (isRefused && (winner == null || winner.invoked() > claim.answered())) {
        broken(Rule.CLAIMS_ARE_REFUSED_FOR_A_REASON, name + ": " + claim + ", but " + winner);
      }
    }
  }
}
