package io.github.reactivesqlite.demo.lab;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.github.reactivesqlite.demo.lab.LabArguments.WrongArgument;
import io.github.reactivesqlite.demo.lab.report.CsvTable;
import io.github.reactivesqlite.demo.lab.report.ResultTable;
import io.github.reactivesqlite.demo.lab.report.SvgChart;
import io.github.reactivesqlite.demo.lab.report.TextTable;
import io.github.reactivesqlite.demo.lab.scenarios.Scenarios;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lab on the command line. */
public final class LabCommand {

  /** Everything that was run meets what must be true on reactive-sqlite. */
  public static final int MET = 0;

  /** Something was missed, or a scenario could not be run. */
  public static final int MISSED = 1;

  /** The arguments are wrong. */
  public static final int USAGE = 2;

  private static final String CHILD = "child";

  /**
   * Runs it. Blocks until everything is measured.
   *
   * @param words the arguments behind {@code lab}
   * @param out takes progress and tables
   * @param err takes what is wrong with the arguments
   * @return the exit code
   */
  public static int run(List<String> words, PrintStream out, PrintStream err) {
    silence();
    if (!words.isEmpty() && words.get(0).equals(CHILD)) {
      return LabChild.run(Scenarios.roles(), words.subList(1, words.size()), out);
    }
    if (words.equals(List.of("--help")) || words.equals(List.of("-h"))) {
      out.println(LabArguments.USAGE);
      return MET;
    }
    try {
      return run(LabArguments.parse(words), out);
    } catch (WrongArgument e) {
      err.println("demo-app: " + e.getMessage() + "\n" + LabArguments.USAGE);
      return USAGE;
    } catch (IOException e) {
      err.println("demo-app: the results cannot be written: " + reason(e));
      return MISSED;
    }
  }

  private static String reason(IOException e) {
    String where = String.valueOf(e.getMessage());
    if (e instanceof FileAlreadyExistsException) {
      return where + " is a file, and a folder is needed";
    }
    return where + (e instanceof FileSystemException ? " cannot be made or written" : "");
  }

  static int run(LabArguments arguments, PrintStream out) throws IOException {
    if (arguments.folder() != null) {
      Files.createDirectories(arguments.folder());
    }
    boolean met = true;
    for (Scenario scenario : arguments.scenarios()) {
      met &= runOne(scenario, arguments, out);
    }
    return met ? MET : MISSED;
  }

  /** What the library warns of is counted and shown here. */
  private static void silence() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    }
  }

  private static boolean runOne(Scenario scenario, LabArguments arguments, PrintStream out)
      throws IOException {
    out.println(scenario.title() + " (" + scenario.name() + ")");
    LabRunner runner = new LabRunner(new LabProgress(out));
    Optional<LabResult> result = runner.run(scenario, arguments.optionsFor(scenario));
    if (result.isEmpty()) {
      return false;
    }
    out.println();
    out.print(TextTable.of(ResultTable.of(result.get())));
    out.println();
    write(result.get(), arguments.folder());
    return result.get().met();
  }

  private static void write(LabResult result, @Nullable Path folder) throws IOException {
    if (folder != null) {
      String name = result.scenario().name();
      Files.writeString(folder.resolve(name + ".csv"), CsvTable.of(ResultTable.of(result)));
      Files.writeString(folder.resolve(name + ".svg"), SvgChart.of(result));
    }
  }

  private LabCommand() {}
}
