package io.github.reactivesqlite.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The ratios of an earlier run, kept in a file, to see whether a later one fell behind. */
public final class Recorded {

  /** Ratios move from run to run by this much; more is a regression. */
  public static final double STEADY_TOLERANCE = 0.35;

  /** Tails move more: one regresses that was within its bound, left it, and more than doubled. */
  public static final double TAIL_FACTOR = 2;

  private static final String COMMENT = "#";

  private final Map<String, Double> values;

  private Recorded(Map<String, Double> values) {
    this.values = values;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the file cannot be read, or is something else
   */
  public static Recorded read(Path file) throws IOException {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith(COMMENT)) {
        continue;
      }
      String[] fields = line.split(",", -1);
      try {
        values.put(fields[0], Double.valueOf(fields[1]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException broken) {
        throw new IOException(file + " has a line that is no name and number: " + line, broken);
      }
    }
    if (values.isEmpty()) {
      throw new IOException(file + " records nothing. Record a run with --record first");
    }
    return new Recorded(values);
  }

  /** Writes what a run reached; what it did not measure, or what does not count, is left out. */
  public static void write(Path file, List<ReachRow> rows, List<String> environment)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Ratios of a quick run; later runs are compared with them. Written by --record.");
    environment.forEach(line -> lines.add(COMMENT + " " + line));
    for (ReachRow row : rows) {
      if (!Double.isNaN(row.value()) && row.counted()) {
        lines.add(row.name() + String.format(Locale.ROOT, ",%.4f", row.value()));
      }
    }
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Files.write(file, lines);
  }

  /**
   * Compares a run with this.
   *
   * @return what fell behind, one line each; empty if nothing did
   */
  public List<String> regressions(List<ReachRow> now) {
    List<String> lines = new ArrayList<>();
    for (ReachRow row : now) {
      Double before = values.get(row.name());
      if (before == null || !row.counted()) {
        continue;
      }
      if (Double.isNaN(row.value())) {
        lines.add(row.name() + " was recorded and is no longer measured");
      } else if (isRegression(row.withValue(before), row)) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s: %.3f, recorded %.3f (%s is better)",
                row.name(),
                row.value(),
                before,
                row.atLeast() ? "more" : "less"));
      }
    }
    return lines;
  }

  private static boolean isRegression(ReachRow before, ReachRow now) {
    if (now.steady()) {
      return now.headroom() < before.headroom() * (1 - STEADY_TOLERANCE);
    }
    return before.verdict() == ReachRow.Verdict.MET
        && now.verdict() == ReachRow.Verdict.SHORT
        && now.headroom() * TAIL_FACTOR < before.headroom();
  }
}
