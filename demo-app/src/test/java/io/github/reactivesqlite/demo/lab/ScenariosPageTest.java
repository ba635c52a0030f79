package io.github.reactivesqlite.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.lab.scenarios.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page about the scenarios has the tables that the lab makes, and no others. */
class ScenariosPageTest {

  private static final Path PAGE = Path.of("docs", "scenarios.md");

  static List<Scenario> all() {
    return Scenarios.all();
  }

  private static List<String> page() throws IOException {
    return lines(PAGE);
  }

  private static List<String> lines(Path page) throws IOException {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(PAGE))) {
        return Files.readAllLines(at.resolve(page));
      }
    }
    throw new AssertionError("No " + PAGE);
  }

  /** The rows of the tables that begin with a scenario's name, cell by cell. */
  private static List<List<String>> rows(String scenario, int steps) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : page()) {
      List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      if (line.startsWith("|") && cells.get(1).equals(scenario)) {
        inside = cells.size() == steps + 6;
      } else if (!line.startsWith("|")) {
        inside = false;
      } else if (inside && !line.startsWith("|-")) {
        rows.add(cells);
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyScenarioHasItsWholeTable(Scenario scenario) throws IOException {
    List<List<String>> rows = rows(scenario.name(), 2);

    List<Metric> table = new ArrayList<>(scenario.table());
    table.add(Metric.MACHINE_PAUSE_P99);
    assertThat(rows)
        .extracting(row -> row.get(1))
        .containsExactlyElementsOf(table.stream().map(Metric::title).toList());
    for (int i = 0; i < rows.size(); i++) {
      Metric metric = table.get(i);
      assertThat(rows.get(i).get(4)).isEqualTo(scenario.reported().getOrDefault(metric, ""));
      boolean judged =
          scenario.expectations().stream().anyMatch(expected -> expected.metric() == metric);
      assertThat(rows.get(i).get(6)).matches(judged ? "met|missed" : "");
    }
    assertThat(page()).anyMatch(line -> line.startsWith("## " + scenario.name() + ": "));
  }

  @Test
  void readmeShowsFiguresOfThePage() throws IOException {
    int shown = 0;
    for (String line : lines(Path.of("README.md"))) {
      List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      if (cells.size() == 6 && Scenarios.named(cells.get(1)).isPresent()) {
        assertThat(rows(cells.get(1), 2))
            .extracting(row -> row.subList(1, 4))
            .contains(cells.subList(2, 5));
        shown++;
      }
    }
    assertThat(shown).isGreaterThan(5);
  }

  @Test
  void ladderHasEveryStepAndItsEstimate() throws IOException {
    Scenario topics = Scenarios.named("topics").orElseThrow();
    List<List<String>> rows = rows("topics", topics.ladder().size());

    List<String> estimates = rows.get(rows.size() - 1);
    assertThat(estimates.get(1).toLowerCase(Locale.ROOT)).contains("expected");
    for (int i = 0; i < topics.ladder().size(); i++) {
      String estimate = topics.ladder().get(i).estimate();
      assertThat(estimates.get(2 + i)).isEqualTo(estimate == null ? "–" : estimate);
    }
  }
}
