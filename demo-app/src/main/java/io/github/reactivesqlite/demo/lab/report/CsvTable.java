package io.github.reactivesqlite.demo.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table as RFC 4180 has it: commas, quotes where needed, CRLF. */
public final class CsvTable {

  /**
   * Writes it.
   *
   * @param table what is written; numbers with a point and no separators
   * @return header and rows
   */
  public static String of(ResultTable table) {
    StringBuilder csv = new StringBuilder();
    List<String> head = new ArrayList<>(List.of("scenario", "figure", "title", "unit"));
    head.addAll(table.steps());
    head.addAll(List.of("reported by the application", "must be", "verdict"));
    line(csv, head);
    for (ResultTable.Row row : table.rows()) {
      List<String> cells =
          new ArrayList<>(List.of(table.scenario(), row.key(), row.title(), row.unit()));
      if (row.numbers().isEmpty()) {
        cells.addAll(row.texts());
      } else {
        row.numbers().forEach(number -> cells.add(number.map(CsvTable::plain).orElse("")));
      }
      cells.addAll(List.of(row.reported(), row.required(), row.verdict()));
      line(csv, cells);
    }
    return csv.toString();
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  private static void line(StringBuilder csv, List<String> cells) {
    csv.append(cells.stream().map(CsvTable::cell).collect(Collectors.joining(","))).append("\r\n");
  }

  private static String cell(String text) {
    // A spreadsheet takes these for formulas, unless a number follows
    boolean formula = text.matches("(?s)[=@+\\-\t\r].*") && !text.matches("-?\\d+(\\.\\d+)?");
    String safe = formula ? "'" + text : text;
    return safe.matches("(?s).*[\",\r\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }

  private CsvTable() {}
}
