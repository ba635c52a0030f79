package io.github.reactivesqlite.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Operations per second as bars on a logarithmic scale, grouped by workload. Needs no script and no
 * font of its own.
 */
public final class SvgChart {

  private static final int LEFT = 250;
  private static final int PLOT = 560;
  private static final int RIGHT = 110;
  private static final int TOP = 60;
  private static final int BAR = 12;
  private static final int GAP = 14;
  private static final String OTHERS = "#9aa5b1";
  private static final Map<String, String> COLOURS =
      Map.of("reactive-sqlite", "#1f6feb", Results.RAW, "#24292f");

  private final List<String> lines = new ArrayList<>();
  private final double leastPower;
  private final double powers;

  private SvgChart(List<Figures> rows) {
    double least = rows.stream().mapToDouble(SvgChart::rate).min().orElse(1);
    double most = rows.stream().mapToDouble(SvgChart::rate).max().orElse(10);
    this.leastPower = Math.floor(Math.log10(least));
    this.powers = Math.max(1, Math.ceil(Math.log10(most)) - leastPower);
  }

  /** The lines of the file. Rows without a rate are left out. */
  public static List<String> of(List<Figures> rows, String title) {
    List<Figures> drawn = rows.stream().filter(row -> rate(row) > 0).toList();
    return new SvgChart(drawn).draw(drawn, title);
  }

  private List<String> draw(List<Figures> rows, String title) {
    Map<String, List<Figures>> groups = new LinkedHashMap<>();
    for (Figures row : rows) {
      String name = row.workload() + (row.inFlight() == 0 ? "" : " x" + row.inFlight());
      groups.computeIfAbsent(name, fresh -> new ArrayList<>()).add(row);
    }
    int height = TOP + rows.size() * BAR + groups.size() * GAP + GAP;
    int width = LEFT + PLOT + RIGHT;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"10\">",
        width, height, width, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
    add("<text x=\"8\" y=\"20\" font-size=\"15\">%s</text>", escaped(title));
    add("<text x=\"8\" y=\"36\" fill=\"#57606a\">operations per second, logarithmic</text>");
    axis(height);
    int y = TOP;
    for (Map.Entry<String, List<Figures>> group : groups.entrySet()) {
      add("<text x=\"8\" y=\"%d\">%s</text>", y + BAR - 3, escaped(group.getKey()));
      for (Figures row : group.getValue()) {
        bar(row, y);
        y += BAR;
      }
      y += GAP;
    }
    add("</svg>");
    return lines;
  }

  private void axis(int height) {
    for (int power = 0; power <= powers; power++) {
      int x = LEFT + (int) (PLOT * power / powers);
      add(
          "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#d0d7de\"/>",
          x, TOP - 6, x, height - GAP);
      add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#57606a\">%,.0f</text>",
          x, TOP - 10, Math.pow(10, leastPower + power));
    }
  }

  private void bar(Figures row, int y) {
    double share = (Math.log10(rate(row)) - leastPower) / powers;
    int length = Math.max(1, (int) (PLOT * share));
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
        LEFT - 6, y + BAR - 3, escaped(row.peer()));
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>",
        LEFT, y + 1, length, BAR - 2, COLOURS.getOrDefault(row.peer(), OTHERS));
    add("<text x=\"%d\" y=\"%d\">%,.0f</text>", LEFT + length + 4, y + BAR - 3, rate(row));
  }

  private static double rate(Figures row) {
    return row.outcome().rate();
  }

  private void add(String format, Object... arguments) {
    lines.add(String.format(Locale.ROOT, format, arguments));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
