package io.github.reactivesqlite.reliability.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands of the operating system, each bounded. */
final class Os {

  private static final long COMMAND_SECONDS = 20;

  private Os() {}

  /** Skips the test unless it runs as root on Linux. */
  static void needRoot() {
    assumeTrue(
        NativeTools.isLinux() && "root".equals(System.getProperty("user.name")),
        "mounting and file attributes need root on Linux");
  }

  /** Runs a command that has to succeed. */
  static void run(String... command) {
    String said = failureOf(command);
    if (!said.isEmpty()) {
      throw new AssertionError(said);
    }
  }

  /** Runs a command; whether it succeeded. */
  static boolean succeeds(String... command) {
    return failureOf(command).isEmpty();
  }

  private static String failureOf(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError(List.of(command) + " does not end");
        }
        return process.exitValue() == 0 ? "" : List.of(command) + " failed: " + output;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Freezes a process by SIGSTOP, and waits until it is frozen. */
  static void stop(long pid) {
    run("kill", "-STOP", Long.toString(pid));
    Bounded.until("process " + pid + " is stopped", () -> isStopped(pid));
  }

  /** Lets a frozen process go on. */
  static void resume(long pid) {
    run("kill", "-CONT", Long.toString(pid));
  }

  private static boolean isStopped(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .anyMatch(line -> line.startsWith("State:") && line.contains("T (stopped)"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets a soft limit of a running process, as in {@code prlimit --pid <pid> --nofile=1:}. */
  static void limit(long pid, String limit) {
    run("prlimit", "--pid", Long.toString(pid), "--" + limit);
  }
}
