package io.github.reactivesqlite.demo.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The other end of {@link ChildJvm}. */
public final class LabChild {

  /** What a child process does. */
  public interface Role {

    /**
     * Opens what it needs, says that it is ready, runs and counts.
     *
     * @param context arguments, tally, and when to begin and end
     * @throws Exception what the parent is told
     */
    void run(LabChild context) throws Exception;
  }

  private static final long PACE_MILLIS = 200;

  private final List<String> arguments;
  private final PrintStream out;
  private final Tally tally = new Tally();
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);

  private LabChild(List<String> arguments, PrintStream out) {
    this.arguments = arguments;
    this.out = out;
  }

  /**
   * Runs a role until it is done or the input ends.
   *
   * @param roles by name
   * @param words the role and its arguments
   * @param out where it speaks
   * @return the exit code
   */
  static int run(Map<String, Role> roles, List<String> words, PrintStream out) {
    Role role = words.isEmpty() ? null : roles.get(words.get(0));
    if (role == null) {
      out.println("failed: no such role");
      return 2;
    }
    LabChild child = new LabChild(words.subList(1, words.size()), out);
    Thread listener = new Thread(child::listen, "lab-parent");
    listener.setDaemon(true);
    listener.start();
    Thread teller = new Thread(child::tellOnTheWay, "lab-teller");
    teller.setDaemon(true);
    teller.start();
    try {
      role.run(child);
    } catch (Exception e) {
      child.say("failed " + e.toString().replaceAll("\\s+", " "));
      return 1;
    } finally {
      child.told.countDown();
    }
    child.tally.tell(child::say);
    child.say("done");
    return 0;
  }

  private void tellOnTheWay() {
    try {
      go.await();
      while (!told.await(PACE_MILLIS, TimeUnit.MILLISECONDS)) {
        tally.tellCounts(this::say);
      }
    } catch (InterruptedException e) {
      // The process ends
    }
  }

  private void listen() {
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        if (line.equals("go")) {
          go.countDown();
        }
      }
    } catch (IOException e) {
      // The same as its end
    }
    // Nobody is left to work for
    Runtime.getRuntime().halt(3);
  }

  private synchronized void say(String line) {
    out.println(line);
    out.flush();
  }

  /**
   * An argument.
   *
   * @param index from 0
   * @return its text
   */
  public String argument(int index) {
    return arguments.get(index);
  }

  /**
   * An argument that is a number.
   *
   * @param index from 0
   * @return its value
   */
  public int number(int index) {
    return Integer.parseInt(argument(index));
  }

  /**
   * Where everything is counted.
   *
   * @return the tally, which the parent gets at the end
   */
  public Tally tally() {
    return tally;
  }

  /**
   * Says that everything is prepared, and waits until all others are.
   *
   * @throws InterruptedException if it is to end
   */
  public void awaitGo() throws InterruptedException {
    say("ready");
    go.await();
  }

  /**
   * What runs until the parent says stop, at the longest for this time.
   *
   * @param trialFolder where files would go
   * @param workers how many
   * @param millis the longest time
   * @return a trial that has not begun
   */
  public Trial trial(Path trialFolder, int workers, long millis) {
    return new Trial(trialFolder, workers, Duration.ofMillis(millis), tally, stop);
  }

  /**
   * A trial whose figures nobody sees, for warming up.
   *
   * @param trialFolder where files would go
   * @param workers how many
   * @return a trial that has not begun
   */
  public Trial unseenTrial(Path trialFolder, int workers) {
    return new Trial(trialFolder, workers, Duration.ofMinutes(1), new Tally(), stop);
  }
}
