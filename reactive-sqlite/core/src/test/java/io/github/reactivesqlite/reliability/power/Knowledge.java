package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.reliability.power.Event.Op;
import io.github.reactivesqlite.reliability.power.Marks.Phase;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What had been said to callers up to some point of a recording. Times are indexes of events. */
final class Knowledge {

  private final Recording recording;

  /** Of the whole recording: what failed was never to be seen, before the answer neither. */
  private final Set<Long> everFailed = new HashSet<>();

  private final Map<Long, Integer> parts = new HashMap<>();
  private final Map<Long, Integer> begun = new HashMap<>();
  private final Map<Long, Integer> acknowledged = new HashMap<>();
  private final Set<Phase> phasesBegun = EnumSet.noneOf(Phase.class);
  private final Set<Phase> phasesEnded = EnumSet.noneOf(Phase.class);
  private Map<Long, Integer> acknowledgedBeforeBackup = Map.of();
  private int logFlushed;
  private int next;

  Knowledge(Recording recording) {
    this.recording = recording;
    for (int i = 0; i < recording.size(); i++) {
      String[] words = words(i);
      if (words[0].equals("failed")) {
        everFailed.add(Long.parseLong(words[1]));
      }
    }
  }

  private String[] words(int index) {
    Event event = recording.get(index);
    return event.is(Op.MARK) ? event.text().split(" ") : new String[] {""};
  }

  void advanceTo(int event) {
    while (next < event) {
      apply(next++);
    }
  }

  private void apply(int index) {
    if (recording.is(index, Op.SYNC, RecordedWriter.FILE + "-wal")) {
      logFlushed = index;
    }
    String[] words = words(index);
    switch (words[0]) {
      case "begun" -> {
        parts.put(Long.parseLong(words[1]), Integer.parseInt(words[2]));
        begun.put(Long.parseLong(words[1]), index);
      }
      case "acknowledged" -> acknowledged.put(Long.parseLong(words[1]), index);
      case "begin" -> {
        phasesBegun.add(Phase.valueOf(words[1]));
        if (Phase.valueOf(words[1]) == Phase.BACKUP) {
          acknowledgedBeforeBackup = Map.copyOf(acknowledged);
        }
      }
      case "end" -> phasesEnded.add(Phase.valueOf(words[1]));
      default -> {}
    }
  }

  boolean hasBegun(Phase phase) {
    return phasesBegun.contains(phase);
  }

  boolean hasEnded(Phase phase) {
    return phasesEnded.contains(phase);
  }

  boolean hasBegun(long unit) {
    return begun.containsKey(unit);
  }

  /** When a unit that has begun did so. */
  int begunAt(long unit) {
    return begun.getOrDefault(unit, Integer.MAX_VALUE);
  }

  int parts(long unit) {
    return parts.getOrDefault(unit, 0);
  }

  boolean fails(long unit) {
    return everFailed.contains(unit);
  }

  /** The acknowledged units and when they were. */
  Map<Long, Integer> acknowledged() {
    return acknowledged;
  }

  /** Those that were acknowledged before the backup began. */
  Map<Long, Integer> acknowledgedBeforeBackup() {
    return acknowledgedBeforeBackup;
  }

  /** When the write-ahead log was last flushed. */
  int logFlushed() {
    return logFlushed;
  }
}
