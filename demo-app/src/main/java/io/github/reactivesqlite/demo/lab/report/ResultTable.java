package io.github.reactivesqlite.demo.lab.report;

import io.github.reactivesqlite.demo.lab.Expectation;
import io.github.reactivesqlite.demo.lab.LabResult;
import io.github.reactivesqlite.demo.lab.LabResult.Verdict;
import io.github.reactivesqlite.demo.lab.Measurement;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Scenario;
import io.github.reactivesqlite.demo.lab.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A result as a table: a row per figure, a column per step, then what the application reported,
 * what must be, and whether it is.
 *
 * @param scenario its name
 * @param steps the columns with measured values
 * @param rows the rows
 */
public record ResultTable(String scenario, List<String> steps, List<Row> rows) {

  private static final String NOTHING = "";

  /**
   * A figure.
   *
   * @param key its name for programs
   * @param title its name for people
   * @param unit what it counts in, may be empty
   * @param numbers per step; null where it was not measured, empty for a row of words
   * @param texts per step, as it is shown
   * @param reported by the application itself, not measured here; empty if it said nothing
   * @param required of reactive-sqlite; empty if nothing
   * @param met whether that is so; null if nothing is required or it could not be measured
   */
  public record Row(
      String key,
      String title,
      String unit,
      List<Optional<Double>> numbers,
      List<String> texts,
      String reported,
      String required,
      @Nullable Boolean met) {

    /**
     * Whether it is met, in words.
     *
     * @return empty if nothing is required
     */
    public String verdict() {
      if (required.isEmpty()) {
        return NOTHING;
      }
      return met == null ? "not measured" : met ? "met" : "missed";
    }
  }

  /**
   * Makes it.
   *
   * @param result a finished run
   * @return its table
   */
  public static ResultTable of(LabResult result) {
    Scenario scenario = result.scenario();
    List<Measurement> steps = result.measurements();
    List<Row> rows = new ArrayList<>();
    for (Metric metric : scenario.table()) {
      rows.add(row(result, metric));
    }
    rows.add(row(result, Metric.MACHINE_PAUSE_P99));
    if (steps.size() > 2) {
      rows.add(
          changes(
              "rate_change", "Operations a second, against the step before", Metric.RATE, steps));
      rows.add(
          changes(
              "contention_change",
              "Lock errors per 100, against the step before",
              Metric.LOCK_ERRORS_PER_100,
              steps));
      rows.add(estimates(scenario.ladder()));
    }
    return new ResultTable(
        scenario.name(), steps.stream().map(Measurement::step).toList(), List.copyOf(rows));
  }

  private static Row row(LabResult result, Metric metric) {
    List<Optional<Double>> numbers =
        result.measurements().stream()
            .map(step -> Optional.ofNullable(step.figure(metric)))
            .toList();
    List<Verdict> verdicts =
        result.verdicts().stream()
            .filter(verdict -> verdict.expectation().metric() == metric)
            .toList();
    List<String> required = new ArrayList<>();
    Boolean met = verdicts.isEmpty() ? null : Boolean.TRUE;
    for (Verdict verdict : verdicts) {
      Expectation expectation = verdict.expectation();
      required.add(expectation.words(result.after()));
      Boolean one = verdict.met();
      met = (met == null || one == null) ? null : Boolean.valueOf(met && one);
    }
    return new Row(
        metric.key(),
        metric.title(),
        metric.unit().symbol(),
        numbers,
        result.measurements().stream().map(step -> step.text(metric)).toList(),
        result.scenario().reported().getOrDefault(metric, NOTHING),
        String.join(", ", required),
        met);
  }

  private static Row changes(String key, String title, Metric metric, List<Measurement> steps) {
    List<Optional<Double>> numbers = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Double now = steps.get(i).figure(metric);
      Double before = i == 0 ? null : steps.get(i - 1).figure(metric);
      if (now == null || before == null || before == 0) {
        numbers.add(Optional.empty());
        texts.add("–");
      } else {
        double change = 100 * (now - before) / before;
        numbers.add(Optional.of(change));
        long rounded = Math.round(change);
        texts.add(rounded == 0 ? "0 %" : String.format(Locale.ROOT, "%+,d %%", rounded));
      }
    }
    return new Row(key, title, "%", numbers, texts, NOTHING, NOTHING, null);
  }

  private static Row estimates(List<Step> ladder) {
    return new Row(
        "estimate",
        "What the application expected of the step",
        NOTHING,
        List.of(),
        ladder.stream().map(step -> Objects.requireNonNullElse(step.estimate(), "–")).toList(),
        NOTHING,
        NOTHING,
        null);
  }
}
