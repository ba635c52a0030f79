package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.ClosedLoop;
import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.measure.Window;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Items;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.PeerSettings;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** The main class of a {@link WriterProcess}; not started by hand. */
public final class WriterMain {

  private static final long SEED = 1;

  private WriterMain() {}

  /**
   * Takes the file, the peer, and the milliseconds of: work on a file of its own, which is not
   * counted; warm-up; measurement.
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Path file = Path.of(args[0]);
    PeerKind kind = PeerKind.of(args[1]);
    Window alone = Window.ofMillis(0, Long.parseLong(args[2]));
    Window window = Window.ofMillis(Long.parseLong(args[3]), Long.parseLong(args[4]));
    Items items = new Items(SEED);
    compileAlone(Objects.requireNonNull(file.getParent()), kind, alone, items);
    WriteWork work;
    Outcome outcome;
    try (Peer peer = kind.open(new PeerSettings(file, Durability.FULL, Load.WRITES))) {
      work = WriteWork.inserts(peer, items);
      out.println(WriterProcess.READY);
      if (!WriterProcess.GO.equals(commands.readLine())) {
        return;
      }
      endWithParent(commands);
      outcome = ClosedLoop.run(WriterProcess.IN_FLIGHT, window, work);
    }
    out.println(new WriterProcess.Report(outcome, work.acknowledged()).line());
    // Peers may leave threads behind
    Runtime.getRuntime().exit(0);
  }

  /** Several processes that compile at once would compete for the processors and not the file. */
  private static void compileAlone(Path directory, PeerKind kind, Window window, Items items)
      throws Exception {
    String name = "alone-" + ProcessHandle.current().pid();
    try (DatabaseFile file = DatabaseFile.create(directory, name);
        Peer peer = kind.open(file.settings(Durability.FULL, Load.WRITES))) {
      ClosedLoop.run(WriterProcess.IN_FLIGHT, window, WriteWork.inserts(peer, items));
    }
  }

  private static void endWithParent(BufferedReader commands) {
    Thread watch =
        new Thread(
            () -> {
              try {
                if (commands.readLine() == null) {
                  Runtime.getRuntime().halt(1);
                }
              } catch (IOException gone) {
                Runtime.getRuntime().halt(1);
              }
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
