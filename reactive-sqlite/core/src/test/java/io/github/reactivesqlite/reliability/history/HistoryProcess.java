package io.github.reactivesqlite.reliability.history;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A client in a process of its own, from "go" until "stop", or until it is killed. */
final class HistoryProcess {

  private static final Duration AT_REST = Duration.ofSeconds(60);

  private HistoryProcess() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    loadClasses();
    System.out.println("waiting");
    String[] go = words(commands.readLine());
    System.out.println("clock " + System.nanoTime());
    String life = go[1];
    Random random = new Random(Long.parseLong(go[2]));
    try (HistoryLog log = new HistoryLog(file.resolveSibling("history-" + life + ".log"))) {
      long begun = System.nanoTime();
      try (SqliteDatabase database =
          SqliteDatabase.builder(file).config(c -> c.walCheckpointFrames(100)).build()) {
        long opened = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        HistoryClient client = new HistoryClient(database, new Asking(log, life), random);
        Mono<Void> end = client.live().cache();
        Disposable work = end.subscribe(done -> {}, error -> System.out.println("error " + error));
        System.out.println("living " + opened);
        words(commands.readLine());
        client.stop();
        end.block(AT_REST);
        work.dispose();
        database.closeGracefully().block(AT_REST);
        log.stopped();
      }
    }
    System.out.println("stopped");
  }

  /** So that the time that opening takes is not theirs. */
  private static void loadClasses() {
    try (SqliteDatabase other = SqliteDatabase.temporary()) {
      HistoryFile.create(other);
      HistoryFile.read(other);
    }
  }

  private static String[] words(String command) {
    if (command == null) {
      // Whoever started it is gone
      Runtime.getRuntime().halt(1);
    }
    return command.split(" ");
  }
}
