package io.github.reactivesqlite.demo.lab.scenarios;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/** Which process has which episodes under way, as the service sees it. */
final class UnderWay {

  // Guarded by this
  private final Map<String, List<Long>> episodes = new HashMap<>();

  /** A handler has begun; says how many its process has at once. */
  synchronized int begin(String process, long episode) {
    List<Long> mine = of(process);
    mine.add(episode);
    return mine.size();
  }

  synchronized void end(String process, long episode) {
    of(process).remove(Long.valueOf(episode));
  }

  /**
   * Whether a process is in the middle of its jobs: it has that many under way, and not only such
   * as another process has, too. Two processes can claim the same job, and then it is finished
   * though one of them is killed. Nor with an episode that is broken for good: killed in its last
   * attempt, it could not say so any more.
   */
  synchronized boolean isInTheMiddle(String process, int atLeast, LongPredicate broken) {
    List<Long> mine = of(process);
    return mine.size() >= atLeast
        && mine.stream().noneMatch(broken::test)
        && mine.stream()
            .anyMatch(
                episode ->
                    episodes.entrySet().stream()
                        .filter(other -> !other.getKey().equals(process))
                        .noneMatch(other -> other.getValue().contains(episode)));
  }

  /** Whether no process has anything under way. */
  synchronized boolean isNothing() {
    return episodes.values().stream().allMatch(List::isEmpty);
  }

  private List<Long> of(String process) {
    return episodes.computeIfAbsent(process, any -> new ArrayList<>());
  }
}
