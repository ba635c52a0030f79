package io.github.reactivesqlite.benchmarks.report;

import static io.github.reactivesqlite.benchmarks.report.Samples.OURS;
import static io.github.reactivesqlite.benchmarks.report.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class WritersTest {

  private static final List<Figures> ROWS =
      List.of(
          row("insert", OURS, 256, 1_000_000),
          row("insert", "a <peer> & more", 256, 1_000, "1 of 9 rows MISSING", "said \"no\", twice"),
          row("scan", OURS, 0, 0));

  @Nested
  class Table {

    private final List<String> lines = TextTable.of(ROWS);

    @Test
    void hasALineForEachRowUnderItsHeadings() {
      assertThat(lines).hasSize(4);
      assertThat(lines.get(0)).contains("ops/s", "p99.9", "errors", "rows");
      assertThat(lines.get(1)).contains("insert", OURS, "256", "1,000,000", "ok");
      assertThat(lines.get(2)).contains("1 of 9 rows MISSING", "said \"no\", twice");
    }

    @Test
    void putsColumnsUnderEachOther() {
      int end = lines.get(0).indexOf("ops/s") + "ops/s".length();
      assertThat(lines.get(1).substring(0, end)).endsWith("1,000,000");
      assertThat(lines.get(2).substring(0, end)).endsWith(" 1,000");
    }

    @Test
    void saysWhatWasReached() {
      ReachRow met = new ReachRow("first", 12, 10, true, true, true);
      ReachRow missed = new ReachRow("second", 12, 10, false, true, true);
      ReachRow absent = new ReachRow("third", Double.NaN, 10, false, true, true);
      List<String> reach = TextTable.reach(List.of(met, missed, absent));
      assertThat(reach.get(1)).contains("first", "12.000", ">= 10.00").endsWith("met");
      assertThat(reach.get(2)).contains("second", "<= 10.00").endsWith("short");
      assertThat(reach.get(3)).contains("third", " - ").endsWith("not measured");
    }
  }

  @Test
  void commaSeparatedFieldsAreQuotedWhereNeeded() {
    List<String> lines = Csv.of(ROWS);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("workload,peer,in_flight,").doesNotContain(" ");
    assertThat(lines.get(1))
        .startsWith("insert,reactive-sqlite,256,1000000,1.0000,1000000.0000,")
        .contains(",100.0000,")
        .endsWith(",ok,");
    assertThat(lines.get(2)).endsWith(",1 of 9 rows MISSING,\"said \"\"no\"\", twice\"");
  }

  @Nested
  class Chart {

    @Test
    void isWellFormedAndHasABarForEachRate() throws Exception {
      Document chart = parse(SvgChart.of(ROWS, "ours < theirs & so on"));
      assertThat(chart.getDocumentElement().getTagName()).isEqualTo("svg");
      // The background and the two rows that have a rate
      NodeList bars = chart.getElementsByTagName("rect");
      assertThat(bars.getLength()).isEqualTo(3);
      assertThat(width(bars, 1)).isGreaterThan(width(bars, 2));
    }

    @Test
    void ofNothingIsWellFormedToo() throws Exception {
      assertThat(parse(SvgChart.of(List.of(), "empty")).getElementsByTagName("rect").getLength())
          .isEqualTo(1);
    }

    private static int width(NodeList bars, int index) {
      return Integer.parseInt(((Element) bars.item(index)).getAttribute("width"));
    }

    private static Document parse(List<String> lines) throws Exception {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(String.join("\n", lines))));
    }
  }

  @Nested
  class Bar {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void growsOnOneLineOfATerminal() {
      Progress progress = new Progress(out, true, 2);
      progress.begin("a long first step");
      progress.begin("second");
      progress.end();
      String written = bytes.toString(StandardCharsets.UTF_8);
      assertThat(written.lines().filter(line -> !line.isBlank())).isNotEmpty();
      assertThat(written).contains("  0 %", " 50 %", "100 %").endsWith("\n");
      assertThat(written.chars().filter(c -> c == '\r')).hasSize(3);
    }

    @Test
    void writesFewLinesElsewhere() {
      Progress progress = new Progress(out, false, 1_000);
      for (int step = 0; step < 1_000; step++) {
        progress.begin("step " + step);
      }
      progress.end();
      assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).hasSize(11);
    }
  }
}
