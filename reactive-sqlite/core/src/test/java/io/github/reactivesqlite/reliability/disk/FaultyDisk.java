package io.github.reactivesqlite.reliability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Plays scenarios in child processes on a faulty disk, kills the children, and judges what is on
 * the disk. For one test, in its directory.
 */
final class FaultyDisk {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path directory;
  private final FaultControl faults;
  private final List<String> figures = new ArrayList<>();
  private final List<Path> images = new ArrayList<>();

  FaultyDisk(Path directory) {
    this.directory = directory;
    this.faults = FaultControl.create(directory.resolve("faults"));
  }

  FaultControl faults() {
    return faults;
  }

  Path file() {
    return directory.resolve("faulty.db");
  }

  /** What the scenarios said. */
  List<String> figures() {
    return figures;
  }

  /** Plays it to its end, kills the child by SIGKILL, and judges. */
  Verdict play(Class<? extends Scenario> scenario, Object... arguments) throws Exception {
    return play(launch -> launch, scenario, arguments);
  }

  /** As {@link #play(Class, Object...)}, in a child that is started in a special way. */
  Verdict play(
      UnaryOperator<ChildJvm.Launch> launch,
      Class<? extends Scenario> scenario,
      Object... arguments)
      throws Exception {
    try (ChildJvm child = start(launch, 0, scenario, arguments)) {
      go(child);
      awaitEnd(child);
      child.kill();
    }
    judgeImages();
    return judge(0);
  }

  /** Starts a child that waits for {@link #go}. */
  ChildJvm start(
      UnaryOperator<ChildJvm.Launch> launch,
      int life,
      Class<? extends Scenario> scenario,
      Object... arguments) {
    List<Object> all =
        new ArrayList<>(
            List.of(scenario.getName(), file(), journal(life), life * 1_000_000_000L));
    all.addAll(List.of(arguments));
    return launch
        .apply(faults.launch(directory, ScenarioMain.class))
        .start(all.toArray());
  }

  /** Lets a child begin. */
  void go(ChildJvm child) throws InterruptedException {
    child.awaitLine(ScenarioMain.READY, PATIENCE);
    child.say("go");
  }

  private void awaitEnd(ChildJvm child) throws InterruptedException, IOException {
    String end = child.awaitLine("", PATIENCE);
    while (!end.startsWith(ScenarioMain.DONE)) {
      if (end.equals(ScenarioMain.BROKEN)) {
        throw new AssertionError("The scenario failed:\n" + child.transcript());
      }
      if (end.equals(ScenarioMain.IMAGE)) {
        takeImage();
        child.say("go");
      } else if (end.startsWith(ScenarioMain.FIGURE)) {
        figures.add(end.substring(ScenarioMain.FIGURE.length()));
      }
      end = child.awaitLine("", PATIENCE);
    }
    figures.add(end.substring(ScenarioMain.DONE.length()));
    assertThat(end).as(child.transcript()).contains(" 0 unanswered");
  }

  /** The child holds the files; this process may copy them, because it has not opened them. */
  private void takeImage() throws IOException {
    Path image = Files.createDirectory(directory.resolve("image-" + images.size()));
    Files.copy(journal(0), image.resolve(journal(0).getFileName()));
    Files.copy(file(), image.resolve(file().getFileName()));
    Path log = file().resolveSibling(file().getFileName() + "-wal");
    Files.copy(log, image.resolve(log.getFileName()));
    images.add(image);
  }

  /** What each image comes to when it is opened, in their order; none has a complaint. */
  List<Verdict> judgeImages() throws Exception {
    List<Verdict> verdicts = new ArrayList<>();
    for (Path image : images) {
      Verdict verdict =
          Verdict.of(
              List.of(image.resolve(journal(0).getFileName())),
              image.resolve(file().getFileName()));
      assertThat(verdict.complaints()).as("image %d: %s", verdicts.size(), verdict).isEmpty();
      verdicts.add(verdict);
    }
    return verdicts;
  }

  Path journal(int life) {
    return directory.resolve("journal-" + life);
  }

  /** Opens what the children up to this one left and holds it against their ledgers. */
  Verdict judge(int life) throws Exception {
    List<Path> journals = new ArrayList<>();
    for (int i = 0; i <= life; i++) {
      journals.add(journal(i));
    }
    Verdict verdict = Verdict.of(journals, file());
    assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
    return verdict;
  }

  /** A line of figures for the report of the build. */
  void print(String test, @Nullable Verdict verdict) {
    System.out.printf("%s: %s; %s%n", test, verdict, String.join("; ", figures));
  }
}
