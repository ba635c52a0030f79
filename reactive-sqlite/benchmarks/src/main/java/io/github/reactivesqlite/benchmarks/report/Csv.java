package io.github.reactivesqlite.benchmarks.report;

import io.github.reactivesqlite.benchmarks.measure.Latency;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The same figures for a program to read. */
public final class Csv {

  private static final String HEAD =
      "workload,peer,in_flight,operations,seconds,operations_per_second,p50_ms,p99_ms,p999_ms,"
          + "max_ms,errors,allocated_bytes_per_operation,cpu_us_per_operation,"
          + "heap_bytes_per_queued_operation,rows,note";

  private Csv() {}

  /** A line for each row, after a line of headings. */
  public static List<String> of(List<Figures> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(HEAD);
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  private static String line(Figures row) {
    Latency latency = row.outcome().latency();
    return Stream.of(
            row.workload(),
            row.peer(),
            Integer.toString(row.inFlight()),
            Long.toString(row.outcome().operations()),
            number(row.outcome().seconds()),
            number(row.outcome().rate()),
            number(latency.p50()),
            number(latency.p99()),
            number(latency.p999()),
            number(latency.max()),
            Long.toString(row.outcome().errors()),
            number(row.bytesPerOperation()),
            number(row.cpuMicrosPerOperation()),
            number(row.heapBytes()),
            row.rows(),
            row.note())
        .map(Csv::quoted)
        .collect(Collectors.joining(","));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
