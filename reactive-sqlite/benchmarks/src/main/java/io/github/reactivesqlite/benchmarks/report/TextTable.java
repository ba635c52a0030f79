package io.github.reactivesqlite.benchmarks.report;

import io.github.reactivesqlite.benchmarks.measure.Latency;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table that a person reads. */
public final class TextTable {

  private static final List<String> HEAD =
      List.of(
          "workload",
          "peer",
          "n",
          "ops/s",
          "p50 ms",
          "p99",
          "p99.9",
          "max",
          "errors",
          "B/op",
          "us CPU/op",
          "B queued",
          "rows",
          "note");

  /** Columns of words; the rest are numbers and stand to the right. */
  private static final List<Integer> WORDS = List.of(0, 1, 12, 13);

  private static final String GAP = "  ";

  private TextTable() {}

  /** A line for each row, after a line of headings. */
  public static List<String> of(List<Figures> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(HEAD);
    String previous = "";
    for (Figures row : rows) {
      cells.add(cells(row, row.workload().equals(previous)));
      previous = row.workload();
    }
    return aligned(cells);
  }

  private static List<String> cells(Figures row, boolean sameWorkload) {
    Latency latency = row.outcome().latency();
    boolean timed = latency.count() > 0;
    return List.of(
        sameWorkload ? "" : row.workload(),
        row.peer(),
        row.inFlight() == 0 ? "" : Integer.toString(row.inFlight()),
        number("%,.0f", row.outcome().rate()),
        timed ? millis(latency.p50()) : "",
        timed ? millis(latency.p99()) : "",
        timed ? millis(latency.p999()) : "",
        timed ? millis(latency.max()) : "",
        Long.toString(row.outcome().errors()),
        positive("%,.0f", row.bytesPerOperation()),
        positive("%,.1f", row.cpuMicrosPerOperation()),
        positive("%,.0f", row.heapBytes()),
        row.rows(),
        row.note());
  }

  private static String positive(String format, double value) {
    return value > 0 ? number(format, value) : "";
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String millis(double value) {
    return number(value < 10 ? "%.3f" : value < 100 ? "%.1f" : "%,.0f", value);
  }

  /** What was to be reached, and what was. */
  public static List<String> reach(List<ReachRow> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("reach", "this run", "bound", ""));
    for (ReachRow row : rows) {
      String value = Double.isNaN(row.value()) ? "-" : number("%.3f", row.value());
      String bound = (row.atLeast() ? ">= " : "<= ") + number("%.2f", row.bound());
      String verdict = row.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      cells.add(List.of(row.name(), value, bound, verdict));
    }
    return aligned(cells, List.of(0, 3));
  }

  private static List<String> aligned(List<List<String>> cells) {
    return aligned(cells, WORDS);
  }

  private static List<String> aligned(List<List<String>> cells, List<Integer> words) {
    int[] widths = new int[cells.get(0).size()];
    for (List<String> row : cells) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String padding = " ".repeat(widths[column] - row.get(column).length());
        line.append(column == 0 ? "" : GAP)
            .append(words.contains(column) ? row.get(column) + padding : padding + row.get(column));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
