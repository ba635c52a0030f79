package io.github.reactivesqlite.demo.lab;

import java.util.List;
import java.util.Map;

/** A scenario without a database, for what is the same for all of them. */
public class SampleScenario implements Scenario {

  private final Step.Side before;
  private final Step.Side after;

  public SampleScenario(Step.Side before, Step.Side after) {
    this.before = before;
    this.after = after;
  }

  /** Both sides count at once; the second has this many lock errors. */
  static SampleScenario withLockErrors(int errors) {
    return new SampleScenario(
        trial -> {
          trial.tally().add(Metric.OPERATIONS, 10);
          trial.tally().add(Metric.LOCK_ERRORS, 1_234);
        },
        trial -> {
          trial.tally().add(Metric.OPERATIONS, 100);
          trial.tally().add(Metric.LOCK_ERRORS, errors);
        });
  }

  @Override
  public String name() {
    return "sample";
  }

  @Override
  public String title() {
    return "Sample, \"quoted\" & <marked>";
  }

  @Override
  public String story() {
    return "Nothing happens.";
  }

  @Override
  public String operation() {
    return "thing";
  }

  @Override
  public int defaultWorkers() {
    return 1;
  }

  @Override
  public int defaultSeconds() {
    return 1;
  }

  @Override
  public boolean warmsUp() {
    return false;
  }

  @Override
  public List<Step> steps() {
    return List.of(Step.before(before), Step.after(after));
  }

  @Override
  public List<Step> ladder() {
    return List.of(
        new Step("as it was", Step.Kind.BEFORE, null, before),
        new Step("+ half, \"really\"", Step.Kind.BETWEEN, "10–15 % better", before),
        new Step("+ all", Step.Kind.AFTER, "90 % less", after));
  }

  @Override
  public List<Metric> table() {
    return List.of(Metric.OPERATIONS, Metric.LOCK_ERRORS, Metric.CONNECTIONS);
  }

  @Override
  public List<Metric> chart() {
    return List.of(Metric.OPERATIONS, Metric.LOCK_ERRORS);
  }

  @Override
  public List<Expectation> expectations() {
    return List.of(
        Expectation.atLeast(Metric.OPERATIONS, 1),
        Expectation.none(Metric.LOCK_ERRORS),
        Expectation.exactly(Metric.CONNECTIONS, 4));
  }

  @Override
  public Map<Metric, String> reported() {
    return Map.of(Metric.LOCK_ERRORS, "=\"many\", every day");
  }
}
