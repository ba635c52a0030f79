package io.github.reactivesqlite.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A second JVM with the class path of this one. It says what it has to say in lines, reads commands
 * in lines, and is destroyed on close, whatever happened.
 */
public final class ChildJvm implements AutoCloseable {

  private static final int REMEMBERED_LINES = 200;

  /** Stands behind the last line. */
  private static final String END = "\0end of output";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();

  private ChildJvm(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "output of process " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a main class. The driver unpacks its native library into the given directory, so that
   * nothing is left behind by a process that is killed.
   */
  public static ChildJvm start(Path scratch, Class<?> main, Object... arguments) {
    return of(scratch, main).start(arguments);
  }

  /** A main class that is to be started in a way of its own. */
  public static Launch of(Path scratch, Class<?> main) {
    return new Launch(scratch, main);
  }

  /** How a child is started. */
  public static final class Launch {
    private final Path scratch;
    private final Class<?> main;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> options = new ArrayList<>();
    private String classPath = System.getProperty("java.class.path");
    private String heap = "512m";

    private Launch(Path scratch, Class<?> main) {
      this.scratch = scratch;
      this.main = main;
    }

    /** Sets a variable of its environment. */
    public Launch environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Adds an option of the JVM. */
    public Launch option(String option) {
      options.add(option);
      return this;
    }

    /** Sets the greatest heap, as in -Xmx. */
    public Launch heap(String size) {
      heap = size;
      return this;
    }

    /** Classes in this directory win over those of the same name. */
    public Launch classesFirst(Path directory) {
      classPath = directory + File.pathSeparator + classPath;
      return this;
    }

    /** Starts it. */
    public ChildJvm start(Object... arguments) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xshare:auto");
      command.add("-XX:TieredStopAtLevel=1");
      command.add("-XX:+UseSerialGC");
      command.add("-Xmx" + heap);
      command.add("-Dorg.sqlite.tmpdir=" + scratch);
      command.add("-Djava.io.tmpdir=" + scratch);
      command.addAll(options);
      command.add("-cp");
      command.add(classPath);
      command.add(main.getName());
      for (Object argument : arguments) {
        command.add(argument.toString());
      }
      try {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void read() {
    try (InputStream output = process.getInputStream();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      while (line != null) {
        said.add(line);
        if (said.size() > REMEMBERED_LINES) {
          said.poll();
        }
        lines.add(line);
        line = reader.readLine();
      }
    } catch (IOException killed) {
      // nothing more will come
    } finally {
      lines.add(END);
    }
  }

  /** Waits for the first line with the prefix, skipping others, and returns what follows it. */
  public String awaitLine(String prefix, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError(
            "No line \"" + prefix + "…\" within " + atMost + "; the child said:\n" + transcript());
      }
      if (line.equals(END)) {
        // For whoever asks next
        lines.add(END);
        throw new AssertionError(
            "The child ended without a line \"" + prefix + "…\"; it said:\n" + transcript());
      }
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
    }
  }

  /** Sends a line. */
  public void say(String line) {
    try {
      OutputStream input = process.getOutputStream();
      input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the child said:\n" + transcript(), e);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it ends by itself within the time. */
  public boolean endsWithin(Duration time) throws InterruptedException {
    return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Its exit code; it must have ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Kills it at once, by SIGKILL, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("Process " + process.pid() + " outlived its kill");
    }
  }

  /** The last lines that it said. */
  public String transcript() {
    return String.join("\n", said);
  }

  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) {
      kill();
    }
  }
}
