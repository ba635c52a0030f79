package io.github.reactivesqlite.demo.lab;

import io.github.reactivesqlite.demo.lab.Tally.Timing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs a scenario once, step by step. Its files are in a temporary folder, which it removes. */
public final class LabRunner {

  private static final Duration PACE = Duration.ofMillis(250);
  private static final Duration PULSE = Duration.ofMillis(2);
  private static final Duration WARM_UP = Duration.ofSeconds(1);

  /** Most sides stop at once; a result does not wait for one that does not. */
  private static final Duration STOPPING = Duration.ofSeconds(2);

  /** Longer than any lock timeout of an application plus starting and stopping its processes. */
  private static final Duration GRACE = Duration.ofMinutes(5);

  /** Nothing of the step was measured, and nobody has seen anything of it. */
  private static final class StoppedInWarmUpException extends Exception {

    private static final long serialVersionUID = 1L;

    StoppedInWarmUpException(Step step) {
      super("The run was stopped. \"" + step.name() + "\" was still warming up.");
    }
  }

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Consumer<LabEvent> listener;

  /**
   * A runner for one run.
   *
   * @param listener is told what happens, on the thread that runs it
   */
  public LabRunner(Consumer<LabEvent> listener) {
    this.listener = listener;
  }

  /** Ends the run early. It may be called from any thread, and again. */
  public void cancel() {
    stop.countDown();
  }

  /**
   * Whether somebody ended it early.
   *
   * @return true after {@link #cancel()}
   */
  public boolean cancelled() {
    return stop.getCount() == 0;
  }

  /**
   * Runs it. Blocks until all steps are done.
   *
   * @param scenario what
   * @param options how
   * @return the result, or nothing if it was cancelled or went wrong: the listener knows
   */
  public Optional<LabResult> run(Scenario scenario, LabOptions options) {
    List<Step> steps =
        options.ladder() && !scenario.ladder().isEmpty() ? scenario.ladder() : scenario.steps();
    listener.accept(
        new LabEvent.Begun(scenario.name(), options, steps.stream().map(Step::name).toList()));
    try {
      List<Measurement> measurements = new ArrayList<>();
      for (int i = 0; i < steps.size() && !cancelled(); i++) {
        if (scenario.warmsUp()) {
          warmUp(steps.get(i), options);
        }
        Measurement measurement = measure(i, steps.get(i), options);
        measurements.add(measurement);
        if (!cancelled()) {
          listener.accept(new LabEvent.StepEnded(i, measurement));
        }
      }
      if (!cancelled()) {
        LabResult result = new LabResult(scenario, options, measurements);
        listener.accept(new LabEvent.Finished(result));
        return Optional.of(result);
      }
      listener.accept(new LabEvent.Ended(true, "The run was stopped."));
    } catch (StoppedInWarmUpException e) {
      listener.accept(new LabEvent.Ended(true, message(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      listener.accept(new LabEvent.Ended(true, "The run was interrupted."));
    } catch (Exception e) {
      listener.accept(
          cancelled()
              ? new LabEvent.Ended(true, "The run was stopped.")
              : new LabEvent.Ended(false, "The run failed: " + message(e)));
    }
    return Optional.empty();
  }

  private static String message(Exception error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  private void warmUp(Step step, LabOptions options) throws Exception {
    try {
      run(step, options.workers(), WARM_UP, unseen -> {});
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (!cancelled()) {
        throw e;
      }
    }
    if (cancelled()) {
      throw new StoppedInWarmUpException(step);
    }
  }

  private Measurement measure(int index, Step step, LabOptions options) throws Exception {
    return run(
        step,
        options.workers(),
        Duration.ofSeconds(options.seconds()),
        trial -> tick(index, trial));
  }

  private Measurement run(Step step, int workers, Duration duration, Consumer<Trial> onTick)
      throws Exception {
    Path folder = Files.createTempDirectory("reactive-sqlite-lab-");
    Tally tally = new Tally();
    Trial trial = new Trial(folder, workers, duration, tally, stop);
    FutureTask<Boolean> work =
        new FutureTask<>(
            () -> {
              step.side().run(trial);
              return true;
            });
    Thread thread = new Thread(work, "lab-" + step.kind());
    thread.setDaemon(true);
    // What a Ctrl+C leaves behind
    Thread sweeper = new Thread(() -> remove(folder), "lab-sweeper");
    Runtime.getRuntime().addShutdownHook(sweeper);
    Thread pulse = new Thread(() -> pulse(tally), "lab-pulse");
    pulse.setDaemon(true);
    pulse.start();
    thread.start();
    try {
      follow(trial, work, onTick);
      return Measurement.of(step, trial.elapsed().toNanos() / 1e9, tally);
    } finally {
      pulse.interrupt();
      thread.interrupt();
      awaitEnd(thread);
      remove(folder);
      unhook(sweeper);
    }
  }

  /** A side that still stops would write into the folder while it is removed. */
  private static void awaitEnd(Thread thread) {
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(STOPPING.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** On a machine that is busy otherwise, times say more about that than about a database. */
  private static void pulse(Tally tally) {
    while (!Thread.currentThread().isInterrupted()) {
      long due = System.nanoTime() + PULSE.toNanos();
      LockSupport.parkNanos(PULSE.toNanos());
      tally.time(Timing.MACHINE_PAUSE, due);
    }
  }

  private static void follow(Trial trial, FutureTask<Boolean> work, Consumer<Trial> onTick)
      throws Exception {
    long deadline = System.nanoTime() + trial.duration().plus(GRACE).toNanos();
    while (true) {
      try {
        work.get(PACE.toMillis(), TimeUnit.MILLISECONDS);
        if (!trial.cancelled()) {
          trial.progress(1);
        }
        onTick.accept(trial);
        return;
      } catch (TimeoutException soonAgain) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              "It does not end. Something else may keep this machine busy: try it again, with fewer"
                  + " workers.");
        }
        onTick.accept(trial);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
  }

  private void tick(int index, Trial trial) {
    Tally tally = trial.tally();
    listener.accept(
        new LabEvent.Tick(
            index,
            Math.round(trial.elapsed().toMillis() / 10.0) / 100.0,
            trial.fraction(),
            tally.counted(Metric.OPERATIONS),
            tally.counted(Metric.LOCK_ERRORS),
            tally.counted(Metric.RETRIES)));
  }

  private static void unhook(Thread sweeper) {
    try {
      Runtime.getRuntime().removeShutdownHook(sweeper);
    } catch (IllegalStateException shuttingDown) {
      // Then it runs by itself
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // It is in the folder for temporary files, where the system removes what is left
    }
  }
}
