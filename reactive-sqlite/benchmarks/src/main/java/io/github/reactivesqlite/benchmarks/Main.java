package io.github.reactivesqlite.benchmarks;

import io.github.reactivesqlite.benchmarks.report.Csv;
import io.github.reactivesqlite.benchmarks.report.Environment;
import io.github.reactivesqlite.benchmarks.report.Figures;
import io.github.reactivesqlite.benchmarks.report.Progress;
import io.github.reactivesqlite.benchmarks.report.Reach;
import io.github.reactivesqlite.benchmarks.report.ReachRow;
import io.github.reactivesqlite.benchmarks.report.Recorded;
import io.github.reactivesqlite.benchmarks.report.Results;
import io.github.reactivesqlite.benchmarks.report.SvgChart;
import io.github.reactivesqlite.benchmarks.report.TextTable;
import io.github.reactivesqlite.benchmarks.workload.Bench;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The load runner: see {@code --help}. */
public final class Main {

  /** All that the library wrote is there, and nothing fell behind. */
  static final int FINE = 0;

  /** The library or plain JDBC lost rows, or a step of theirs came to nothing. */
  static final int WRONG = 1;

  /** The command line could not be understood. */
  static final int MISUSED = 2;

  /** A ratio fell behind what was recorded. */
  static final int REGRESSED = 3;

  private final Options options;
  private final PrintStream out;
  private final PrintStream progress;

  private Main(Options options, PrintStream out, PrintStream progress) {
    this.options = options;
    this.out = out;
    this.progress = progress;
  }

  /** Runs, prints, and ends the JVM with an exit code. */
  public static void main(String[] args) throws Exception {
    int code = run(List.of(args), System.out, System.err);
    // Peers may leave threads behind
    Runtime.getRuntime().exit(code);
  }

  /** The same without ending the JVM. */
  static int run(List<String> words, PrintStream out, PrintStream progress) throws Exception {
    Options options;
    try {
      options = Options.parse(words);
    } catch (IllegalArgumentException misused) {
      progress.println(misused.getMessage());
      progress.print(Options.USAGE);
      return MISUSED;
    }
    if (options.help()) {
      out.print(Options.USAGE);
      return FINE;
    }
    return new Main(options, out, progress).run();
  }

  private int run() throws Exception {
    Path compareWith = options.compare();
    // Before minutes are spent
    Recorded recorded = compareWith == null ? null : Recorded.read(compareWith);
    Path directory = Files.createDirectories(options.directory());
    Environment environment =
        Environment.of(directory, options.plan().name(), options.seed(), options.peers());
    Results results;
    try (Bench bench = new Bench(options.plan(), options.peers(), options.seed(), directory)) {
      LoadRun load = new LoadRun(bench, options.plan(), options.workloads());
      results =
          load.run(steps -> new Progress(progress, !options.plain() && Terminal.isThere(), steps));
    }
    List<ReachRow> reach = Reach.rows(results, environment.fsyncMillis());
    write(results, reach, environment);
    return verdict(results, reach, environment, recorded);
  }

  private void write(Results results, List<ReachRow> reach, Environment environment)
      throws IOException {
    List<String> text = new ArrayList<>(environment.lines());
    text.add("");
    text.addAll(TextTable.of(results.figures()));
    text.add("");
    text.addAll(TextTable.reach(reach));
    text.forEach(out::println);
    String mode = options.plan().name();
    Path output = Files.createDirectories(options.output());
    Files.write(output.resolve(mode + ".txt"), text);
    Files.write(output.resolve(mode + ".csv"), Csv.of(results.figures()));
    Files.write(
        output.resolve(mode + ".svg"),
        SvgChart.of(results.figures(), "reactive-sqlite and others, " + mode + " run"));
    out.println();
    out.println("Written to " + output.toAbsolutePath() + ": " + mode + ".txt, .csv and .svg");
  }

  private int verdict(
      Results results, List<ReachRow> reach, Environment environment, @Nullable Recorded recorded)
      throws IOException {
    List<Figures> wrong = results.wrong();
    if (wrong.isEmpty()) {
      out.println("Every run's rows are all there.");
    } else {
      out.println("Rows are missing, or a step came to nothing:");
      wrong.forEach(
          row -> out.println("  " + row.workload() + " " + row.peer() + ": " + row.rows()));
    }
    if (!results.allOursThere()) {
      return WRONG;
    }
    Path record = options.record();
    if (record != null) {
      Recorded.write(record, reach, environment.lines());
      out.println("Recorded in " + record);
    }
    if (recorded == null) {
      return FINE;
    }
    List<String> regressions = recorded.regressions(reach);
    if (regressions.isEmpty()) {
      out.println("Nothing fell behind what was recorded.");
      return FINE;
    }
    out.println("Fell behind what was recorded:");
    regressions.forEach(line -> out.println("  " + line));
    return REGRESSED;
  }
}
