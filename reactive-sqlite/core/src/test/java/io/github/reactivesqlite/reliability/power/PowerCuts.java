package io.github.reactivesqlite.reliability.power;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Cuts the power at random places of a recording, and judges what is left each time. */
final class PowerCuts {

  private static final int LIBRARY_EVERY = 4;
  private static final int COMPLAINTS_KEPT = 10;

  private final Recording recording;
  private final Path scratch;
  private final Random random;
  private final List<String> complaints = new ArrayList<>();
  private final Sum sum = new Sum();
  private final List<Survival> survivals;

  /** Figures. */
  static final class Sum {
    private int images;
    private int acknowledged;
    private int lost;
    private int imagesWithLoss;
    private int mostLost;
    private int corrupt;
    private int imagesWithComplaints;

    private void add(ImageVerdict verdict, int unitsAcknowledged) {
      images++;
      acknowledged += unitsAcknowledged;
      lost += verdict.lost();
      mostLost = Math.max(mostLost, verdict.lost());
      imagesWithLoss += verdict.lost() > 0 ? 1 : 0;
      imagesWithComplaints += verdict.complaints().isEmpty() ? 0 : 1;
      corrupt += verdict.isCorrupt() ? 1 : 0;
    }

    void add(PowerCuts cuts) {
      images += cuts.sum.images;
      acknowledged += cuts.sum.acknowledged;
      lost += cuts.sum.lost;
      mostLost = Math.max(mostLost, cuts.sum.mostLost);
      imagesWithLoss += cuts.sum.imagesWithLoss;
      imagesWithComplaints += cuts.sum.imagesWithComplaints;
      corrupt += cuts.sum.corrupt;
    }

    @Override
    public String toString() {
      return String.format(
          "%d images, %d acknowledged units looked for, %d lost (in %d images, at most %d in one),"
              + " %d corrupt, %d with complaints",
          images, acknowledged, lost, imagesWithLoss, mostLost, corrupt, imagesWithComplaints);
    }
  }

  /** Writes its images into a directory of its own; takes turns at what survives. */
  PowerCuts(Recording recording, Path scratch, Random random, Survival... survivals) {
    this.survivals = List.of(survivals);
    this.recording = recording;
    this.scratch = scratch;
    this.random = random;
  }

  /** Cuts the power so many times, each time just before or just after one of the events. */
  PowerCuts at(List<Integer> events, int times) throws IOException {
    return at(events, times, honest -> true);
  }

  /** As {@link #at(List, int)}, on a disk that flushes only the files of these names. */
  PowerCuts at(List<Integer> events, int times, Predicate<String> flushes) throws IOException {
    if (events.isEmpty()) {
      throw new AssertionError("It never happened");
    }
    List<Integer> places =
        Stream.generate(() -> events.get(random.nextInt(events.size())) + random.nextInt(2))
            .limit(times)
            .sorted()
            .toList();
    ModelDisk disk = new ModelDisk(recording, flushes);
    Knowledge knowledge = new Knowledge(recording);
    for (int place : places) {
      disk.advanceTo(place);
      knowledge.advanceTo(place);
      cut(disk, knowledge, place);
    }
    return this;
  }

  private void cut(ModelDisk disk, Knowledge knowledge, int place) throws IOException {
    Survival survival = survivals.get(sum.images % survivals.size());
    Path image = Files.createDirectory(scratch.resolve("image-" + sum.images));
    disk.write(image, survival, random);
    ImageVerdict verdict = ImageVerdict.of(image, knowledge, sum.images % LIBRARY_EVERY == 0);
    sum.add(verdict, knowledge.acknowledged().size());
    verdict.complaints().stream()
        .limit(Math.max(0, COMPLAINTS_KEPT - complaints.size()))
        .forEach(complaint -> complaints.add(complaint + " (" + survival + " at " + place + ")"));
    delete(image);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Acknowledged units that are gone, over all images. */
  int lost() {
    return sum.lost;
  }

  /** Images in which SQLite finds something wrong. */
  int corrupt() {
    return sum.corrupt;
  }

  int imagesWithComplaints() {
    return sum.imagesWithComplaints;
  }

  /** What must never be; the first few. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public String toString() {
    return sum.toString();
  }
}
