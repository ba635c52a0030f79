package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.reliability.power.Event.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The disk that a recording went to, up to some point of it. It is stricter than most: a file is
 * there for certain when its directory was flushed after the file was created, and what is in it
 * when the file itself was flushed. Only the order of changes of names is kept, as the journals of
 * file systems do.
 */
final class ModelDisk {

  static final String DIRECTORY = ".";

  private final Recording recording;
  private final Predicate<String> flushes;
  private final Map<Integer, ModelFile> open = new HashMap<>();
  private final Map<String, ModelFile> names = new TreeMap<>();
  private final Map<String, ModelFile> flushedNames = new TreeMap<>();
  private final List<Event> unflushedNames = new ArrayList<>();
  private final Map<Event, ModelFile> created = new IdentityHashMap<>();
  private int next;

  /** A disk that keeps its word. */
  ModelDisk(Recording recording) {
    this(recording, honest -> true);
  }

  /**
   * A disk that flushes the files that were opened by these names only, and else lies; the name of
   * the directory is {@link #DIRECTORY}.
   */
  ModelDisk(Recording recording, Predicate<String> flushes) {
    this.recording = recording;
    this.flushes = flushes;
  }

  /** Lets the process go on until just before the event. */
  void advanceTo(int event) {
    while (next < event) {
      apply(next++);
    }
  }

  private void apply(int index) {
    Event event = recording.get(index);
    switch (event.op()) {
      case OPEN -> open(event);
      case WRITE, TRUNCATE -> file(event).add(event);
      case SYNC -> {
        if (flushes.test(recording.fileOf(index))) {
          file(event).flush();
        }
      }
      case UNLINK, RENAME, LINK -> {
        rename(names, event);
        unflushedNames.add(event);
      }
      case SYNC_DIRECTORY -> {
        if (flushes.test(DIRECTORY)) {
          unflushedNames.forEach(change -> rename(flushedNames, change));
          unflushedNames.clear();
        }
      }
      case MARK -> {}
    }
  }

  private ModelFile file(Event event) {
    ModelFile file = open.get(event.fd());
    if (file == null) {
      throw new AssertionError("Not open: " + event.fd());
    }
    return file;
  }

  private void open(Event event) {
    if (event.offset() == Event.CREATED) {
      created.put(event, new ModelFile());
      rename(names, event);
      unflushedNames.add(event);
    }
    ModelFile file = names.get(event.text());
    if (file == null) {
      throw new AssertionError("Never created: " + event.text());
    }
    if (event.offset() == Event.EMPTIED) {
      file.add(new Event(Op.TRUNCATE, event.fd(), 0, new byte[0]));
    }
    open.put(event.fd(), file);
  }

  private void rename(Map<String, ModelFile> directory, Event change) {
    switch (change.op()) {
      case OPEN -> directory.put(change.text(), created.get(change));
      case UNLINK -> directory.remove(change.text());
      case RENAME -> directory.put(change.names()[1], directory.remove(change.names()[0]));
      case LINK -> directory.put(change.names()[1], directory.get(change.names()[0]));
      default -> throw new AssertionError(change);
    }
  }

  /** Cuts the power, and writes what the disk may hold now into an empty directory. */
  void write(Path directory, Survival survival, Random random) throws IOException {
    Survival.Draw draw = survival.draw(random);
    Map<String, ModelFile> left = new TreeMap<>(flushedNames);
    int changes = draw.namesOf(unflushedNames.size());
    unflushedNames.subList(0, changes).forEach(change -> rename(left, change));
    for (Map.Entry<String, ModelFile> file : left.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue().afterPowerLoss(draw));
    }
  }
}
