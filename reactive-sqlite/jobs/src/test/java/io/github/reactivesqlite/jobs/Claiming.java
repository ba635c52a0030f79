package io.github.reactivesqlite.jobs;

import java.util.List;
import java.util.Set;

/** Claims without workers. */
final class Claiming {

  private Claiming() {}

  static ClaimedJob one(Jobs jobs, String type) {
    return some(jobs, type, 1).get(0);
  }

  static List<ClaimedJob> some(Jobs jobs, String type, int count) {
    return Bounded.get(
        jobs.engine()
            .claims()
            .claim(
                new ClaimStore.Request(
                    "default", Set.of(type), count, 0, Set.of(), "test", 4_000, 0)));
  }
}
