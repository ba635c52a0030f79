package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running process gets no more threads: what needs one fails at once, and only until it may. */
@Tag("reliability")
@Tag("process")
class NoThreadsTest {

  private static final int ROUNDS = Scale.of(2, 30);

  @TempDir Path directory;

  @Test
  void whatNeedsAThreadFailsAtOnceAndSucceedsWhenThereAreThreadsAgain() throws Exception {
    Path sign = directory.resolve("no-threads");
    int refusals = 0;
    try (ChildJvm child = start(sign)) {
      assertThat(ask(child, "table")).startsWith("done");
      assertThat(ask(child, "wal")).startsWith("done");
      for (int round = 0; round < ROUNDS; round++) {
        assertThat(ask(child, "release")).startsWith("done");
        Files.createFile(sign);
        for (String command : List.of("read", "check", "backup", "read", "check")) {
          String refused = ask(child, command);
          assertThat(refused)
              .as(command)
              .startsWith("AcquireTimeoutException: No thread could be started");
          refusals++;
        }
        assertThat(ask(child, "write")).startsWith("done");

        Files.delete(sign);
        for (String command : List.of("read", "check", "backup", "write", "read")) {
          assertThat(ask(child, command)).as(command).startsWith("done");
        }
        assertThat(ask(child, "active")).isEqualTo("0");
      }
    }
    System.out.printf(
        "no threads: %d operations refused at once, all of them succeed afterwards%n", refusals);
  }

  @Test
  void maintenanceThatCouldNotBeStartedIsStartedLater() throws Exception {
    Path sign = directory.resolve("no-threads");
    try (ChildJvm child = start(sign)) {
      Files.createFile(sign);
      assertThat(ask(child, "table")).startsWith("done");
      for (int i = 0; i < 20; i++) {
        assertThat(ask(child, "write")).startsWith("done");
      }
      assertThat(ask(child, "wal"))
          .startsWith("AcquireTimeoutException: No thread could be started");

      Files.delete(sign);
      assertThat(ask(child, "until checkpointed")).isEqualTo("done");
    }
  }

  private ChildJvm start(Path sign) throws InterruptedException {
    Path library = NativeTools.sharedObject("nothreads");
    ChildJvm child =
        ChildJvm.of(directory, StarvedMain.class)
            .environment("LD_PRELOAD", library.toString())
            .environment("NOTHREADS_WHILE", sign.toString())
            .start(directory.resolve("starved.db"));
    child.awaitLine(StarvedMain.ANSWER + "ready", Bounded.PATIENCE);
    return child;
  }

  private static String ask(ChildJvm child, String command) throws InterruptedException {
    child.say(command);
    // Who waits for a thread is answered at the first attempt after its time, up to 20 s from now
    return child.awaitLine(StarvedMain.ANSWER, Bounded.PATIENCE.multipliedBy(2));
  }
}
