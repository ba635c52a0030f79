package io.github.reactivesqlite.demo.lab;

import io.github.reactivesqlite.demo.lab.scenarios.Scenarios;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for on the command line.
 *
 * @param scenarios what to run
 * @param seconds per side; null for the scenario's own
 * @param workers how many; null for the scenario's own
 * @param ladder whether the steps between are run
 * @param folder where tables and charts go; null for nowhere
 */
record LabArguments(
    List<Scenario> scenarios,
    @Nullable Integer seconds,
    @Nullable Integer workers,
    boolean ladder,
    @Nullable Path folder) {

  private static final String NAMES =
      Scenarios.all().stream().map(Scenario::name).collect(Collectors.joining(", "));

  static final String USAGE =
      """
      usage: java -jar demo-app.jar lab SCENARIO|all [--seconds=N] [--workers=N] [--ladder] [--quick] [--out=FOLDER]
                 runs applications as they were and on reactive-sqlite; exit code 0: reactive-sqlite met what it
                 must, 1: it did not, 2: wrong arguments
                 scenarios:"""
          + " "
          + NAMES;

  /** An argument that makes no sense. */
  static final class WrongArgument extends Exception {
    private static final long serialVersionUID = 1L;

    WrongArgument(String message) {
      super(message);
    }
  }

  static LabArguments parse(List<String> words) throws WrongArgument {
    if (words.isEmpty()) {
      throw new WrongArgument("which scenario?");
    }
    String name = words.get(0);
    List<Scenario> scenarios =
        name.equals("all")
            ? Scenarios.all()
            : List.of(
                Scenarios.named(name)
                    .orElseThrow(() -> new WrongArgument("there is no such scenario")));
    LabArguments arguments = new LabArguments(scenarios, null, null, false, null);
    for (String word : words.subList(1, words.size())) {
      arguments = arguments.with(word);
    }
    return arguments;
  }

  private LabArguments with(String word) throws WrongArgument {
    int equals = word.indexOf('=');
    String option = equals < 0 ? word : word.substring(0, equals);
    String value = equals < 0 ? "" : word.substring(equals + 1);
    return switch (option) {
      case "--seconds" ->
          new LabArguments(
              scenarios, number(option, value, LabOptions.MOST_SECONDS), workers, ladder, folder);
      case "--workers" ->
          new LabArguments(
              scenarios, seconds, number(option, value, LabOptions.MOST_WORKERS), ladder, folder);
      case "--quick" ->
          new LabArguments(scenarios, LabOptions.QUICK_SECONDS, workers, ladder, folder);
      case "--ladder" -> new LabArguments(scenarios, seconds, workers, true, folder);
      case "--out" -> new LabArguments(scenarios, seconds, workers, ladder, path(value));
      default -> throw new WrongArgument("there is no such option of the lab");
    };
  }

  private static int number(String option, String value, int most) throws WrongArgument {
    try {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below
    }
    throw new WrongArgument(option + " needs a number from 1 to " + most);
  }

  private static Path path(String value) throws WrongArgument {
    try {
      if (!value.isBlank()) {
        return Path.of(value);
      }
    } catch (InvalidPathException e) {
      // Said below
    }
    throw new WrongArgument("--out needs a folder");
  }

  LabOptions optionsFor(Scenario scenario) {
    return new LabOptions(
        seconds == null ? scenario.defaultSeconds() : seconds,
        workers == null ? scenario.defaultWorkers() : workers,
        ladder);
  }
}
