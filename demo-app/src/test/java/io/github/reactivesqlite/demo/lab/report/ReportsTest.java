package io.github.reactivesqlite.demo.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.lab.LabOptions;
import io.github.reactivesqlite.demo.lab.LabResult;
import io.github.reactivesqlite.demo.lab.LabRunner;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.SampleScenario;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class ReportsTest {

  private static LabResult result(boolean ladder) {
    return new LabRunner(event -> {})
        .run(
            new SampleScenario(
                trial -> {
                  trial.tally().add(Metric.OPERATIONS, 1_000);
                  trial.tally().add(Metric.LOCK_ERRORS, 50);
                },
                trial -> {
                  trial.tally().add(Metric.OPERATIONS, 2_000);
                  trial.tally().add(Metric.LOCK_ERRORS, 10);
                }),
            new LabOptions(1, 2, ladder))
        .orElseThrow();
  }

  @Test
  void tableSetsBothSidesBesideWhatWasReportedAndWhatMustBe() {
    ResultTable table = ResultTable.of(result(false));

    assertThat(table.steps()).containsExactly("before", "after");
    assertThat(table.rows())
        .extracting(ResultTable.Row::key)
        .containsExactly("operations", "lock_errors", "connections", "machine_pause_p99");
    ResultTable.Row errors = table.rows().get(1);
    assertThat(errors.texts()).containsExactly("50", "10");
    assertThat(errors.reported()).isEqualTo("=\"many\", every day");
    assertThat(errors.required()).isEqualTo("0");
    assertThat(errors.verdict()).isEqualTo("missed");
    assertThat(table.rows().get(2).texts()).containsExactly("–", "–");
    assertThat(table.rows().get(2).verdict()).isEqualTo("not measured");
  }

  @Test
  void ladderShowsEachStepAgainstTheOneBeforeAndTheEstimate() {
    ResultTable table = ResultTable.of(result(true));

    List<ResultTable.Row> rows = table.rows();
    ResultTable.Row contention = rows.get(rows.size() - 2);
    assertThat(contention.texts()).containsExactly("–", "0 %", "-90 %");
    assertThat(rows.get(rows.size() - 1).texts())
        .containsExactly("–", "10–15 % better", "90 % less");
  }

  @Test
  void textTableIsRectangular() {
    String text = TextTable.of(ResultTable.of(result(true)));

    assertThat(text.lines().mapToInt(String::length).distinct().count()).isEqualTo(1);
    assertThat(text.lines()).allMatch(line -> line.startsWith("|") && line.endsWith("|"));
    assertThat(text).contains("1,000").contains("90 % less");
  }

  @Test
  void csvHasOneCellPerColumnAndNoFormula() {
    List<List<String>> lines = parse(CsvTable.of(ResultTable.of(result(true))));

    assertThat(lines).allMatch(line -> line.size() == lines.get(0).size());
    assertThat(lines.get(0))
        .containsExactly(
            "scenario",
            "figure",
            "title",
            "unit",
            "as it was",
            "'+ half, \"really\"",
            "'+ all",
            "reported by the application",
            "must be",
            "verdict");
    assertThat(lines.get(2).subList(1, 8))
        .containsExactly(
            "lock_errors", "Lock errors surfaced", "", "50", "50", "10", "'=\"many\", every day");
    assertThat(lines).noneMatch(line -> line.stream().anyMatch(cell -> cell.startsWith("=")));
  }

  /** By RFC 4180, so that what is wrongly quoted shows. */
  private static List<List<String>> parse(String csv) {
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        line.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          lines.add(line);
          line = new ArrayList<>();
        }
      } else if (quoted || c != '\r') {
        cell.append(c);
      }
    }
    assertThat(quoted).isFalse();
    return lines;
  }

  @Test
  void chartIsWellFormedAndLongerBarsAreForGreaterFigures() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    Document svg =
        factory
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    SvgChart.of(result(false)).getBytes(StandardCharsets.UTF_8)));

    assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("Sample, \"quoted\" & <marked>: before and after");
    NodeList bars = svg.getElementsByTagName("rect");
    // The ground, then two figures of two sides
    assertThat(bars.getLength()).isEqualTo(5);
    assertThat(width(bars, 2)).isEqualTo(2 * width(bars, 1));
    assertThat(width(bars, 4)).isEqualTo(width(bars, 3) / 5);
    assertThat(svg.getElementsByTagName("script").getLength()).isZero();
  }

  private static int width(NodeList bars, int index) {
    return Integer.parseInt(bars.item(index).getAttributes().getNamedItem("width").getNodeValue());
  }
}
