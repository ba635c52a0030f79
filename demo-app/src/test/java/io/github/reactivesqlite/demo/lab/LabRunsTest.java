package io.github.reactivesqlite.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

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

  /** Told on the run's own thread, which is therefore still alive. */
  @Test
  void nextRunMayStartAsSoonAsTheEndIsTold() throws InterruptedException {
    CountDownLatch heard = new CountDownLatch(1);
    SampleScenario held =
        new SampleScenario(
            trial -> assertThat(heard.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue(),
            trial -> {});
    long id = runs.start(held, OPTIONS);
    AtomicReference<OptionalLong> atTheEnd = new AtomicReference<>();
    AtomicReference<Long> next = new AtomicReference<>();
    Disposable page =
        runs.events(id)
            .filter(LabEvent.Finished.class::isInstance)
            .subscribe(
                end -> {
                  atTheEnd.set(runs.running());
                  next.set(runs.start(SampleScenario.withLockErrors(0), OPTIONS));
                });
    try {
      assertThat(runs.running()).hasValue(id);
      heard.countDown();

      assertThat(runs.events(id).collectList().block(LONG)).isNotEmpty();
      assertThat(atTheEnd.get()).isEmpty();
      assertThat(runs.events(next.get()).collectList().block(LONG)).isNotEmpty();
    } finally {
      page.dispose();
    }
  }

  @Test
  void endIsToldOnce() {
    long id = runs.start(SampleScenario.withLockErrors(0), OPTIONS);

    List<LabEvent> events = runs.events(id).collectList().block(LONG);

    assertThat(events).last().isEqualTo(new LabEvent.Finished(runs.result(id)));
    assertThat(events).doesNotHaveAnyElementsOfTypes(LabEvent.Ended.class);
  }
}
