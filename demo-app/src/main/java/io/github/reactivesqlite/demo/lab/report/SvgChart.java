package io.github.reactivesqlite.demo.lab.report;

import io.github.reactivesqlite.demo.lab.LabResult;
import io.github.reactivesqlite.demo.lab.Measurement;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Step;
import java.util.List;
import java.util.Locale;

/**
 * Bars for a few figures of a result, one group per figure with a scale of its own. The picture
 * stands alone: no script, no font, no address but that of SVG itself.
 */
public final class SvgChart {

  private static final int WIDTH = 720;
  private static final int LABELS = 150;
  private static final int VALUES = 110;
  private static final int BAR = 22;
  private static final int GAP = 8;
  private static final int TITLE = 30;

  /** For who looks at it in the dark; the attributes are for the light, and for simple viewers. */
  private static final String DARK =
      """
      <style>@media (prefers-color-scheme: dark) {
      .paper { fill: #12161b } text { fill: #e4e8ec } text.quiet { fill: #9aa5b1 }
      .before { fill: #f2a05e } .after { fill: #7db4f0 }
      }</style>
      """;

  /**
   * Draws it.
   *
   * @param result a finished run
   * @return an SVG document
   */
  public static String of(LabResult result) {
    List<Metric> metrics = result.scenario().chart();
    List<Measurement> steps = result.measurements();
    int group = TITLE + steps.size() * (BAR + GAP) + GAP;
    int height = 56 + metrics.size() * group + 24;
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
            + " role=\"img\" aria-labelledby=\"title desc\" font-family=\"system-ui, sans-serif\""
            + " font-size=\"14\">",
        WIDTH,
        height,
        WIDTH,
        height);
    String name = result.scenario().title();
    line(svg, "<title id=\"title\">%s: before and after</title>", escape(name));
    line(svg, "<desc id=\"desc\">%s</desc>", escape(describe(metrics, steps)));
    svg.append(DARK);
    line(svg, "<rect class=\"paper\" width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
    line(
        svg,
        "<text x=\"16\" y=\"30\" font-size=\"18\" font-weight=\"600\" fill=\"#1b1f24\">%s</text>",
        escape(name));
    int y = 52;
    for (Metric metric : metrics) {
      bars(svg, y, metric, steps);
      y += group;
    }
    line(
        svg,
        "<text class=\"quiet\" x=\"16\" y=\"%d\" font-size=\"12\" fill=\"#57606a\">%s</text>",
        height - 12,
        escape(
            result.options().workers()
                + " workers, "
                + result.options().seconds()
                + " s per side at most, one machine, one run"));
    line(svg, "</svg>");
    return svg.toString();
  }

  private static void bars(StringBuilder svg, int top, Metric metric, List<Measurement> steps) {
    line(
        svg,
        "<text x=\"16\" y=\"%d\" font-weight=\"600\" fill=\"#1b1f24\">%s</text>",
        top + 18,
        escape(metric.title()));
    double most =
        steps.stream()
            .mapToDouble(step -> value(step, metric))
            .reduce(Double.MIN_NORMAL, Math::max);
    int room = WIDTH - LABELS - VALUES;
    for (int i = 0; i < steps.size(); i++) {
      Measurement step = steps.get(i);
      int y = top + TITLE + i * (BAR + GAP);
      int width = (int) Math.max(1, Math.round(room * value(step, metric) / most));
      line(
          svg,
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#1b1f24\">%s</text>",
          LABELS - 10,
          y + 16,
          escape(step.step()));
      line(
          svg,
          "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\" fill=\"%s\"/>",
          step.kind().name().toLowerCase(Locale.ROOT),
          LABELS,
          y,
          width,
          BAR,
          color(step.kind()));
      line(
          svg,
          "<text x=\"%d\" y=\"%d\" fill=\"#1b1f24\">%s</text>",
          LABELS + width + 8,
          y + 16,
          escape(step.text(metric)));
    }
  }

  private static double value(Measurement step, Metric metric) {
    Double value = step.figure(metric);
    return value == null ? 0 : Math.max(0, value);
  }

  private static String color(Step.Kind kind) {
    return switch (kind) {
      case BEFORE -> "#b3541e";
      case BETWEEN -> "#8c959f";
      case AFTER -> "#1f5fa8";
    };
  }

  private static String describe(List<Metric> metrics, List<Measurement> steps) {
    StringBuilder words = new StringBuilder();
    for (Metric metric : metrics) {
      words.append(metric.title()).append(": ");
      for (Measurement step : steps) {
        words.append(step.step()).append(' ').append(step.text(metric)).append("; ");
      }
    }
    return words.toString().strip();
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private SvgChart() {}
}
