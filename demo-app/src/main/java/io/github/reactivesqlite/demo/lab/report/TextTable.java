package io.github.reactivesqlite.demo.lab.report;

import java.util.ArrayList;
import java.util.List;

/** A table for a terminal, which is also one in Markdown. */
public final class TextTable {

  /**
   * Writes it.
   *
   * @param table what is shown
   * @return lines that end with a line feed
   */
  public static String of(ResultTable table) {
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(table.scenario()));
    head.addAll(table.steps());
    head.addAll(List.of("the application reported", "must be", ""));
    lines.add(head);
    for (ResultTable.Row row : table.rows()) {
      List<String> line = new ArrayList<>(List.of(row.title()));
      line.addAll(row.texts());
      line.addAll(List.of(row.reported(), row.required(), row.verdict()));
      lines.add(line);
    }
    int[] widths = new int[head.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      append(text, lines.get(i), widths, table.steps().size());
      if (i == 0) {
        rule(text, widths, table.steps().size());
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, List<String> cells, int[] widths, int steps) {
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      boolean number = i > 0 && i <= steps;
      text.append("| ")
          .append(number ? padding + cells.get(i) : cells.get(i) + padding)
          .append(' ');
    }
    text.append("|\n");
  }

  private static void rule(StringBuilder text, int[] widths, int steps) {
    for (int i = 0; i < widths.length; i++) {
      boolean number = i > 0 && i <= steps;
      text.append('|').append("-".repeat(widths[i] + 1)).append(number ? ':' : '-');
    }
    text.append("|\n");
  }

  private TextTable() {}
}
