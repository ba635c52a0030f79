package io.github.reactivesqlite.reliability.disk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The program of a child: plays a scenario when it is told to, says how that ended, and then waits,
 * with its database open, to be killed.
 */
final class ScenarioMain {

  static final String READY = "ready";
  static final String FIGURE = "figure ";
  static final String IMAGE = "image";
  static final String DONE = "done ";
  static final String BROKEN = "broken";

  private ScenarioMain() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
    constructor.setAccessible(true);
    Scenario scenario = (Scenario) constructor.newInstance();
    try (Ledger ledger = new Ledger(Path.of(arguments[2]));
        Arena arena =
            new Arena(
                Path.of(arguments[1]),
                ledger,
                Long.parseLong(arguments[3]),
                Arrays.asList(arguments).subList(4, arguments.length),
                commands)) {
      System.out.println(READY);
      await(commands);
      play(scenario, arena);
      await(commands);
    }
  }

  static void await(BufferedReader commands) throws IOException {
    if (commands.readLine() == null) {
      // The parent has gone
      Runtime.getRuntime().halt(0);
    }
  }

  private static void play(Scenario scenario, Arena arena) {
    try {
      scenario.run(arena);
      System.out.println(
          DONE
              + arena.subscriptions()
              + " subscriptions, "
              + arena.unanswered()
              + " unanswered, slowest recovery "
              + arena.slowestRecovery().toMillis()
              + " ms");
    } catch (Throwable failed) {
      failed.printStackTrace(System.out);
      System.out.println(BROKEN);
    }
  }
}
