package io.github.reactivesqlite.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.TooDeepFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class LabRunnerTest {

  private static final LabOptions OPTIONS = new LabOptions(1, 3, false);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<LabEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final LabRunner runner = new LabRunner(events::add);

  @Test
  void stepsRunInOrderAndEverythingIsTold() {
    Optional<LabResult> result = runner.run(SampleScenario.withLockErrors(0), OPTIONS);

    assertThat(result).isPresent();
    assertThat(result.get().before().figure(Metric.LOCK_ERRORS)).isEqualTo(1_234);
    assertThat(result.get().after().figure(Metric.OPERATIONS)).isEqualTo(100);
    assertThat(result.get().met()).isTrue();
    assertThat(events.get(0))
        .isEqualTo(new LabEvent.Begun("sample", OPTIONS, List.of("before", "after")));
    assertThat(events)
        .filteredOn(LabEvent.StepEnded.class::isInstance)
        .extracting(event -> ((LabEvent.StepEnded) event).step())
        .containsExactly(0, 1);
    assertThat(events.get(events.size() - 1)).isEqualTo(new LabEvent.Finished(result.get()));
  }

  @Test
  void ladderRunsEveryStep() {
    Optional<LabResult> result =
        runner.run(SampleScenario.withLockErrors(0), new LabOptions(1, 1, true));

    assertThat(result.orElseThrow().measurements())
        .extracting(Measurement::kind)
        .containsExactly(Step.Kind.BEFORE, Step.Kind.BETWEEN, Step.Kind.AFTER);
  }

  @Test
  void onlyWhatWasMeasuredIsJudged() {
    LabResult missed = runner.run(SampleScenario.withLockErrors(1), OPTIONS).orElseThrow();

    assertThat(missed.met()).isFalse();
    assertThat(missed.verdicts())
        .extracting(LabResult.Verdict::met)
        .containsExactly(true, false, null);
  }

  @Test
  void filesOfASideAreRemovedThoughItFails() {
    CompletableFuture<Path> folder = new CompletableFuture<>();
    Optional<LabResult> result =
        runner.run(
            new SampleScenario(
                trial -> {
                  folder.complete(trial.folder());
                  Files.writeString(trial.file("x.db"), "x");
                  throw new IOException("the disk is gone");
                },
                trial -> {}),
            OPTIONS);

    assertThat(result).isEmpty();
    assertThat(folder.join()).doesNotExist();
    assertThat(events.get(events.size() - 1))
        .isEqualTo(new LabEvent.Ended(false, "The run failed: the disk is gone"));
  }

  @Test
  void filesThatASideWritesWhileItStopsAreRemoved() throws Exception {
    CompletableFuture<Path> folder = new CompletableFuture<>();
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread run =
        new Thread(
            () ->
                runner.run(
                    new SampleScenario(
                        trial -> {
                          folder.complete(trial.folder());
                          try {
                            never.await();
                          } catch (InterruptedException e) {
                            // Time to remove the folder too early
                            never.await(300, TimeUnit.MILLISECONDS);
                            Files.createDirectories(trial.folder());
                            Files.writeString(trial.file("late.db"), "x");
                          } finally {
                            stopped.countDown();
                          }
                        },
                        trial -> {}),
                    OPTIONS));
    run.start();
    Path files = folder.get(LONG.toSeconds(), TimeUnit.SECONDS);

    run.interrupt();

    assertThat(stopped.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    run.join(LONG.toMillis());
    assertThat(run.isAlive()).isFalse();
    assertThat(files).doesNotExist();
    assertThat(events.get(events.size() - 1))
        .isEqualTo(new LabEvent.Ended(true, "The run was interrupted."));
  }

  @Test
  void filesThatCannotBeRemovedDoNotHurtTheResult(@TempDir Path scratch) throws IOException {
    List<TooDeepFolder> left = new ArrayList<>();

    Optional<LabResult> result =
        runner.run(
            new SampleScenario(
                trial -> left.add(TooDeepFolder.in(trial.folder(), scratch)), trial -> {}),
            OPTIONS);

    assertThat(result).isPresent();
    assertThat(left).hasSize(1);
    Path folder = left.get(0).top().getParent();
    assertThat(folder).exists();
    left.get(0).close();
    FileSystemUtils.deleteRecursively(folder);
    assertThat(folder).doesNotExist();
  }

  @Test
  void cancelEndsWhoeverWaits() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Optional<LabResult>> result =
        CompletableFuture.supplyAsync(
            () ->
                runner.run(
                    new SampleScenario(
                        trial -> {
                          begun.countDown();
                          trial.inParallel(
                              trial.workers(), index -> trial.pause(Duration.ofHours(1)));
                        },
                        trial -> trial.tally().count(Metric.OPERATIONS)),
                    OPTIONS));
    assertThat(begun.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

    runner.cancel();

    assertThat(result.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEmpty();
    assertThat(events.get(events.size() - 1))
        .isEqualTo(new LabEvent.Ended(true, "The run was stopped."));
    // Nobody is told that the side has come to its end
    assertThat(events).doesNotHaveAnyElementsOfTypes(LabEvent.StepEnded.class);
    assertThat(events)
        .filteredOn(LabEvent.Tick.class::isInstance)
        .allSatisfy(event -> assertThat(((LabEvent.Tick) event).fraction()).isLessThan(1));
  }

  /** Nobody has seen anything of it yet, so it was not stopped "after 0.0 s" either. */
  @Test
  void stopInAWarmUpIsSaidAndNothingIsMeasured() {
    AtomicInteger begun = new AtomicInteger();
    Optional<LabResult> result =
        runner.run(
            warmingUp(
                trial -> {
                  begun.incrementAndGet();
                  runner.cancel();
                }),
            OPTIONS);

    assertThat(result).isEmpty();
    assertThat(begun).hasValue(1);
    assertThat(events).doesNotHaveAnyElementsOfTypes(LabEvent.Tick.class);
    assertThat(events.get(events.size() - 1))
        .isEqualTo(
            new LabEvent.Ended(true, "The run was stopped. \"before\" was still warming up."));
  }

  @Test
  void sideThatFailsBecauseItsWarmUpIsStoppedIsStopped() {
    runner.run(
        warmingUp(
            trial -> {
              runner.cancel();
              throw new IOException("The process was told to end");
            }),
        OPTIONS);

    assertThat(events.get(events.size() - 1))
        .isEqualTo(
            new LabEvent.Ended(true, "The run was stopped. \"before\" was still warming up."));
  }

  @Test
  void sideThatFailsInItsWarmUpFails() {
    runner.run(
        warmingUp(
            trial -> {
              throw new IOException("the disk is gone");
            }),
        OPTIONS);

    assertThat(events.get(events.size() - 1))
        .isEqualTo(new LabEvent.Ended(false, "The run failed: the disk is gone"));
  }

  private static SampleScenario warmingUp(Step.Side side) {
    return new SampleScenario(side, trial -> {}) {
      @Override
      public boolean warmsUp() {
        return true;
      }
    };
  }

  @Test
  void errorOfAWorkerIsTheErrorOfTheSide() {
    runner.run(
        new SampleScenario(
            trial ->
                trial.inParallel(
                    3,
                    index -> {
                      if (index == 1) {
                        throw new IOException("worker " + index);
                      }
                    }),
            trial -> {}),
        OPTIONS);

    assertThat(events.get(events.size() - 1))
        .isEqualTo(new LabEvent.Ended(false, "The run failed: worker 1"));
  }
}
