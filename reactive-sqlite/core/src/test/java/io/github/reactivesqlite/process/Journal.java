package io.github.reactivesqlite.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a {@link DoomedWriter} had noted when it was killed. */
final class Journal {

  private final Map<KilledWork, Set<Long>> started = new EnumMap<>(KilledWork.class);
  private final Map<KilledWork, Set<Long>> done = new EnumMap<>(KilledWork.class);

  static Journal read(Path file) throws IOException {
    Journal journal = new Journal();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ");
      Map<KilledWork, Set<Long>> notes =
          words[0].equals("started") ? journal.started : journal.done;
      notes
          .computeIfAbsent(KilledWork.valueOf(words[1]), work -> new HashSet<>())
          .add(Long.parseLong(words[2]));
    }
    return journal;
  }

  /** The numbers acknowledged. */
  Set<Long> acknowledged(KilledWork work) {
    return done.getOrDefault(work, Set.of());
  }

  /** Up to where the items of a stream are acknowledged, excluded. */
  long acknowledgedUpTo(KilledWork work, long first) {
    return acknowledged(work).stream().mapToLong(Long::longValue).max().orElse(first);
  }

  /** How many writes had been started and not acknowledged. */
  int inFlight() {
    int count = 0;
    for (Map.Entry<KilledWork, Set<Long>> entry : started.entrySet()) {
      Set<Long> open = new HashSet<>(entry.getValue());
      open.removeAll(acknowledged(entry.getKey()));
      count += open.size();
    }
    return count;
  }
}
