package io.github.reactivesqlite.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabRunsTest {

  private static final LabOptions OPTIONS = new LabOptions(1, 1, false);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final LabRuns runs = new LabRuns();

  @Test
  void errorOfTheRunItselfEndsTheEvents() {
    long id =
        runs.start(
            new SampleScenario(trial -> {}, trial -> {}) {
              @Override
              public List<Step> steps() {
                throw new AssertionError("no steps");
              }
            },
            OPTIONS);

    assertThat(runs.events(id).collectList().block(LONG))
        .containsExactly(new LabEvent.Ended(false, "The run failed. The console shows the error."));
  }

  @Test
  void endIsToldOnce() {
    long id = runs.start(SampleScenario.withLockErrors(0), OPTIONS);

    List<LabEvent> events = runs.events(id).collectList().block(LONG);

    assertThat(events).last().isEqualTo(new LabEvent.Finished(runs.result(id)));
    assertThat(events).doesNotHaveAnyElementsOfTypes(LabEvent.Ended.class);
  }
}
