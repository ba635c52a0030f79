package io.github.reactivesqlite.reliability.disk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The program of a child: plays a scenario when it is told to, says how that ended, and waits with
 * its database open, to be killed or to be told to go on to the next one.
 */
final class ScenarioMain {

  static final String READY = "ready";
  static final String FIGURE = "figure ";
  static final String IMAGE = "image";
  static final String DONE = "done ";
  static final String BROKEN = "broken";
  static final String CLOSED = "closed";
  static final String GO_ON = "go on";
  static final String SEPARATOR = "\t";

  private ScenarioMain() {}

  /** Each line is the scenario's class, the database, the ledger, the first unit and arguments. */
  public static void main(String[] arguments) throws Exception {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println(READY);
    while (true) {
      play(await(commands).split(SEPARATOR), commands);
    }
  }

  static String await(BufferedReader commands) throws IOException {
    @Nullable String command = commands.readLine();
    if (command == null) {
      // The parent has gone
      Runtime.getRuntime().halt(0);
      throw new AssertionError();
    }
    return command;
  }

  private static void play(String[] words, BufferedReader commands) throws Exception {
    Constructor<?> constructor = Class.forName(words[0]).getDeclaredConstructor();
    constructor.setAccessible(true);
    Scenario scenario = (Scenario) constructor.newInstance();
    try (Ledger ledger = new Ledger(Path.of(words[2]));
        Arena arena =
            new Arena(
                Path.of(words[1]),
                ledger,
                Long.parseLong(words[3]),
                Arrays.asList(words).subList(4, words.length),
                commands)) {
      play(scenario, arena);
      await(commands);
    }
    System.out.println(CLOSED);
  }

  private static void play(Scenario scenario, Arena arena) {
    try {
      scenario.run(arena);
      System.out.println(DONE + arena.summary());
    } catch (Throwable failed) {
      failed.printStackTrace(System.out);
      System.out.println(BROKEN);
    }
  }
}
