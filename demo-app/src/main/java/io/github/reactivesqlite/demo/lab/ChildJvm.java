package io.github.reactivesqlite.demo.lab;

import io.github.reactivesqlite.demo.DemoApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A second process of a scenario: this program once more. It says "ready", waits for "go", tells
 * its tally and "done", and ends when its input does, so that none outlives this process.
 */
public final class ChildJvm implements AutoCloseable {

  private static final String READY = "ready";
  private static final String DONE = "done";
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration PACE = Duration.ofMillis(100);
  private static final Duration END = Duration.ofSeconds(10);

  private final Process process;
  private final Tally tally;
  private final BooleanSupplier cancelled;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ChildJvm(Process process, Tally tally, BooleanSupplier cancelled) {
    this.process = process;
    this.tally = tally;
    this.cancelled = cancelled;
    Thread reader = new Thread(this::read, "lab-child-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  static ChildJvm start(
      Path scratch, String role, Tally tally, BooleanSupplier cancelled, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m", "-Xshare:auto"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    // The driver unpacks its library there, and a killed process cannot remove it
    command.add("-Dorg.sqlite.tmpdir=" + scratch);
    command.add("-Djava.io.tmpdir=" + scratch);
    command.addAll(program());
    command.addAll(List.of("lab", "child", role));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start(),
        tally,
        cancelled);
  }

  /** This program: its jar, or the class path it was started with. */
  private static List<String> program() {
    CodeSource source = DemoApplication.class.getProtectionDomain().getCodeSource();
    String classPath = System.getProperty("java.class.path");
    boolean packed = source != null && source.getLocation().toString().startsWith("jar:");
    return packed && !classPath.contains(File.pathSeparator)
        ? List.of("-jar", classPath)
        : List.of("-cp", classPath, DemoApplication.class.getName());
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (!tally.accept(line)) {
          lines.add(line);
        }
      }
    } catch (IOException killed) {
      // Nothing more will come
    }
    lines.add("");
  }

  /**
   * Its process id.
   *
   * @return the number
   */
  public long id() {
    return process.pid();
  }

  /**
   * Waits until it is prepared.
   *
   * @throws IOException if it ends before
   * @throws InterruptedException if this thread is to end
   */
  public void awaitReady() throws IOException, InterruptedException {
    await(READY);
  }

  /**
   * Lets it begin.
   *
   * @throws IOException if it is gone
   */
  public void go() throws IOException {
    say("go");
  }

  private void say(String word) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((word + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
  }

  /**
   * Waits until it has told what it counted.
   *
   * @throws IOException if it ends before
   * @throws InterruptedException if this thread is to end
   */
  public void awaitDone() throws IOException, InterruptedException {
    await(DONE);
  }

  private void await(String expected) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String line = lines.poll(PACE.toMillis(), TimeUnit.MILLISECONDS);
      if (cancelled.getAsBoolean()) {
        throw new IOException("The run was stopped.");
      }
      if (line == null && System.nanoTime() - deadline < 0) {
        continue;
      }
      if (line == null || line.isEmpty()) {
        throw new IOException(
            "Process "
                + process.pid()
                + " of the lab "
                + (line == null ? "says nothing" : "ended")
                + " before it said "
                + expected
                + ". The machine may be short of memory or time: use fewer workers.");
      }
      if (line.equals(expected)) {
        return;
      }
      if (line.startsWith("failed ")) {
        throw new IOException("Process " + process.pid() + " of the lab " + line);
      }
    }
  }

  /**
   * Kills it, as a machine or an administrator would.
   *
   * @throws InterruptedException if this thread is to end
   */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor(END.toSeconds(), TimeUnit.SECONDS);
  }

  /** Closes its input, and kills it if that does not end it. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      // It is
    }
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
