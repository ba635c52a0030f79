package io.github.reactivesqlite.reliability.disk;

import io.github.reactivesqlite.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one child that plays the scenarios of the short form, one after the other, each with files of
 * its own. (In the long form each has a child of its own, which is killed.) It lives as long as
 * this JVM, or until a scenario fails in it.
 */
final class Stage {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static @Nullable Stage current;

  private final Path directory;
  private final FaultControl faults;
  private final ChildJvm child;

  private Stage() throws IOException, InterruptedException {
    directory = Files.createTempDirectory("reactive-sqlite-stage");
    Runtime.getRuntime().addShutdownHook(new Thread(this::clear, "clear the stage"));
    faults = FaultControl.create(directory.resolve("faults"));
    child = faults.launch(directory, ScenarioMain.class).start();
    child.awaitLine(ScenarioMain.READY, PATIENCE);
  }

  /** The child that is there, or a new one. */
  static synchronized Stage get() throws IOException, InterruptedException {
    Stage stage = current;
    if (stage == null) {
      stage = new Stage();
      current = stage;
    }
    return stage;
  }

  ChildJvm child() {
    return child;
  }

  /** Ends a scenario that went well. */
  void endScenario() throws InterruptedException {
    faults.disarmAll();
    child.say(ScenarioMain.GO_ON);
    child.awaitLine(ScenarioMain.CLOSED, PATIENCE);
  }

  /** Ends the child: nobody knows what state it is in. */
  void giveUp() throws InterruptedException {
    synchronized (Stage.class) {
      current = null;
    }
    child.kill();
  }

  private void clear() {
    try {
      child.close();
      try (Stream<Path> files = Files.walk(directory)) {
        List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : all) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
