package io.github.reactivesqlite.demo.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What one side gets to run with: a folder of its own, workers, time, a tally. */
public final class Trial {

  /** A part of a side that runs on a thread of its own. */
  public interface Task {

    /**
     * Runs.
     *
     * @param index from 0
     * @throws Exception what must end the whole side
     */
    void run(int index) throws Exception;
  }

  private final Path folder;
  private final int workers;
  private final Duration duration;
  private final Tally tally;
  private final CountDownLatch stop;
  private final AtomicBoolean rated = new AtomicBoolean();
  private volatile boolean started;
  private volatile long begun;
  private volatile long ended;
  private volatile double progress = -1;

  Trial(Path folder, int workers, Duration duration, Tally tally, CountDownLatch stop) {
    this.folder = folder;
    this.workers = workers;
    this.duration = duration;
    this.tally = tally;
    this.stop = stop;
  }

  /**
   * A file of this side.
   *
   * @param name its name
   * @return its path in a folder that nobody else uses and that is removed afterwards
   */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /**
   * The folder of {@link #file}.
   *
   * @return its path
   */
  public Path folder() {
    return folder;
  }

  /**
   * How many workers somebody chose.
   *
   * @return at least 1
   */
  public int workers() {
    return workers;
  }

  /**
   * How long the side should run.
   *
   * @return a positive time
   */
  public Duration duration() {
    return duration;
  }

  /**
   * Where everything is counted.
   *
   * @return the tally
   */
  public Tally tally() {
    return tally;
  }

  /** Starts the clock, when what was to be prepared is prepared. */
  public void begin() {
    begun = System.nanoTime();
    started = true;
  }

  /** Stops the clock; what follows is looking at what was written. */
  public void end() {
    ended = System.nanoTime();
  }

  /**
   * Whether there is time left and nobody wants it to stop.
   *
   * @return whether to go on
   */
  public boolean running() {
    boolean timeLeft = elapsed().compareTo(duration) < 0;
    if (!timeLeft && rated.compareAndSet(false, true)) {
      // What is begun is still finished, but the time for that says nothing about the rate
      double seconds = elapsed().toNanos() / 1e9;
      tally.set(Metric.RATE, tally.counted(Metric.OPERATIONS) / seconds);
    }
    return timeLeft && !cancelled();
  }

  /**
   * Whether somebody wants it to stop at once.
   *
   * @return true once it was cancelled
   */
  public boolean cancelled() {
    return stop.getCount() == 0;
  }

  /**
   * Since it began.
   *
   * @return the time; zero while it is prepared
   */
  public Duration elapsed() {
    if (!started) {
      return Duration.ZERO;
    }
    long until = ended == 0 ? System.nanoTime() : ended;
    return Duration.ofNanos(Math.max(0, until - begun));
  }

  /**
   * The part of the time that is over.
   *
   * @return from 0 to 1 and beyond
   */
  public double part() {
    return (double) elapsed().toNanos() / duration.toNanos();
  }

  /**
   * Says how far it is, where time is not the measure.
   *
   * @param fraction from 0 to 1
   */
  public void progress(double fraction) {
    progress = fraction;
  }

  double fraction() {
    return Math.min(1, progress >= 0 ? progress : part());
  }

  /**
   * Waits: for a service, for a person, for content to be generated. Ends early when cancelled.
   *
   * @param time how long
   * @throws InterruptedException if the thread is to end
   */
  public void pause(Duration time) throws InterruptedException {
    boolean cancelled = stop.await(time.toNanos(), TimeUnit.NANOSECONDS);
    if (cancelled && Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /**
   * Runs tasks on threads of their own, and waits for all of them.
   *
   * @param threads how many
   * @param task what each does
   * @throws Exception the first error of a task
   */
  public void inParallel(int threads, Task task) throws Exception {
    ExecutorService executor =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "lab-worker");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int index = i;
        futures.add(
            executor.submit(
                () -> {
                  task.run(index);
                  return index;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      executor.shutdownNow();
    }
  }

  /**
   * Starts another JVM with a part of this side, which waits for {@link ChildJvm#go()}.
   *
   * @param role what it does
   * @param arguments for it
   * @return the process; whoever asked for it closes it
   * @throws IOException if it cannot be started
   */
  public ChildJvm child(String role, Object... arguments) throws IOException {
    return ChildJvm.start(folder, role, tally, this::cancelled, arguments);
  }
}
