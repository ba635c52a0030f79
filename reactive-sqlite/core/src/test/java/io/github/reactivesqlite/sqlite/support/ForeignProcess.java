package io.github.reactivesqlite.sqlite.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A second process that uses the file with plain JDBC and does as it is told: a real competitor for
 * the lock.
 */
public final class ForeignProcess implements AutoCloseable {

  private static final String GONE = "gone";

  private final Process process;
  private final PrintStream commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  /** Starts it and waits until it has opened the file. */
  public ForeignProcess(Path file) {
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xshare:auto",
                      "-XX:TieredStopAtLevel=1",
                      // What the driver unpacks goes when the test's directory goes
                      "-Dorg.sqlite.tmpdir=" + file.toAbsolutePath().getParent(),
                      "-cp",
                      System.getProperty("java.class.path"),
                      ForeignMain.class.getName(),
                      file.toString()))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::readAnswers, "answers-of-foreign-process");
    reader.setDaemon(true);
    reader.start();
    expectOk();
  }

  private void readAnswers() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ForeignMain.ANSWER)) {
          answers.add(line.substring(ForeignMain.ANSWER.length()));
        }
      }
    } catch (IOException ended) {
      // said below
    }
    answers.add(GONE);
  }

  /** Runs one statement there and waits for its end. */
  public void run(String sql) {
    commands.println(sql);
    expectOk();
  }

  /** Runs one statement that fails there, and says why. */
  public String fail(String sql) {
    commands.println(sql);
    String answer = answer();
    if (answer.equals(ForeignMain.OK)) {
      throw new AssertionError("The second process could do this: " + sql);
    }
    return answer;
  }

  /** Closes its connection, but lets the process live. */
  public void closeConnection() {
    run(ForeignMain.CLOSE);
  }

  /** Opens a connection again after {@link #closeConnection()}. */
  public void openConnection() {
    run(ForeignMain.OPEN);
  }

  /** Takes the write lock. */
  public void hold() {
    run("BEGIN IMMEDIATE");
  }

  /** Gives the lock back. */
  public void release() {
    run("COMMIT");
  }

  /** Its process id, for signals. */
  public long pid() {
    return process.pid();
  }

  /** Kills it, with whatever it holds, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(Bounded.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("The process survived");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private void expectOk() {
    String answer = answer();
    if (!ForeignMain.OK.equals(answer)) {
      throw new AssertionError("The second process said: " + answer);
    }
  }

  private String answer() {
    try {
      String answer = answers.poll(Bounded.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (answer == null || answer.equals(GONE)) {
        throw new AssertionError("The second process is " + (answer == null ? "silent" : GONE));
      }
      return answer;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
