package io.github.reactivesqlite.reliability.disk;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Plays scenarios in child processes on a faulty disk, kills the children, and judges what is on
 * the disk. For one test, in its directory.
 */
final class FaultyDisk {

  private static final Duration PATIENCE = Duration.ofSeconds(Scale.of(90, 900));

  /** The children's counts are those of this JVM. */
  private static final String SCALE = "reliability.scale";

  private final Path directory;
  private final FaultControl faults;
  private final List<String> figures = new ArrayList<>();
  private final List<Path> images = new ArrayList<>();

  FaultyDisk(Path directory) {
    this.directory = directory;
    this.faults = FaultControl.create(directory.resolve("faults"));
  }

  /** The switches of the children that are started here. */
  FaultControl faults() {
    return faults;
  }

  Path file() {
    return directory.resolve("faulty.db");
  }

  /**
   * Plays it to its end, and judges what a SIGKILL leaves then. In the short form nobody is killed:
   * copies of the files are judged.
   */
  Verdict play(Class<? extends Scenario> scenario, Object... arguments) throws Exception {
    if (Scale.isLong()) {
      return playAndKill(launch -> launch, scenario, arguments);
    }
    Stage stage = Stage.get();
    boolean wentWell = false;
    Verdict verdict;
    try {
      stage.child().say(command(0, scenario, arguments));
      awaitEnd(stage.child());
      verdict = verdictOfCopy(0);
      stage.endScenario();
      wentWell = true;
    } finally {
      if (!wentWell) {
        stage.giveUp();
      }
    }
    judgeImages();
    return withoutComplaints(verdict);
  }

  /** Plays it to its end in a child of its own, kills the child by SIGKILL, and judges. */
  Verdict playAndKill(
      UnaryOperator<ChildJvm.Launch> launch,
      Class<? extends Scenario> scenario,
      Object... arguments)
      throws Exception {
    try (ChildJvm child = start(launch, 0, scenario, arguments)) {
      awaitEnd(child);
      child.kill();
    }
    judgeImages();
    return judge(0);
  }

  /** Starts a child that plays the scenario, its so-and-so-manieth life on these files. */
  ChildJvm start(
      UnaryOperator<ChildJvm.Launch> launch,
      int life,
      Class<? extends Scenario> scenario,
      Object... arguments)
      throws InterruptedException {
    ChildJvm.Launch prepared = launch.apply(faults.launch(directory, ScenarioMain.class));
    ChildJvm child =
        prepared.option("-D" + SCALE + "=" + System.getProperty(SCALE, "short")).start();
    try {
      child.awaitLine(ScenarioMain.READY, PATIENCE);
      child.say(command(life, scenario, arguments));
    } catch (Throwable failed) {
      child.close();
      throw failed;
    }
    return child;
  }

  private String command(int life, Class<? extends Scenario> scenario, Object... arguments) {
    List<Object> words =
        new ArrayList<>(List.of(scenario.getName(), file(), journal(life), life * 1_000_000_000L));
    words.addAll(List.of(arguments));
    return words.stream().map(Object::toString).collect(joining(ScenarioMain.SEPARATOR));
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
    copyTo(image);
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
    return withoutComplaints(verdict(life));
  }

  private static Verdict withoutComplaints(Verdict verdict) {
    assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
    return verdict;
  }

  /** As {@link #judge}, for those who judge the complaints themselves. */
  Verdict verdict(int life) throws Exception {
    return Verdict.of(journals(life), file());
  }

  private List<Path> journals(int life) {
    return IntStream.rangeClosed(0, life).mapToObj(this::journal).toList();
  }

  /** As {@link #verdict}, of copies of the files: these stay as they were left. */
  Verdict verdictOfCopy(int life) throws Exception {
    Path place = Files.createDirectory(directory.resolve("copy-" + life));
    copyTo(place);
    return Verdict.of(journals(life), place.resolve(file().getFileName()));
  }

  /**
   * Copies what a kill would leave. The log comes first: pages that are copied from it meanwhile
   * are in the file too then, never in neither.
   */
  private void copyTo(Path place) throws IOException {
    for (String end : List.of("-wal", "-journal", "")) {
      Path source = file().resolveSibling(file().getFileName() + end);
      if (Files.exists(source)) {
        Files.copy(source, place.resolve(source.getFileName()));
      }
    }
  }

  /** A line of figures for the report of the build. */
  void print(String test, @Nullable Verdict verdict) {
    System.out.printf("%s: %s; %s%n", test, verdict, String.join("; ", figures));
  }
}
