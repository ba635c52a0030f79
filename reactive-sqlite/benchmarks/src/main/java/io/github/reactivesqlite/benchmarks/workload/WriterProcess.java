package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Latency;
import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.measure.Window;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another JVM that inserts: it says when it is ready, waits to be told to go, and reports in one
 * line. It ends by itself when this process does.
 */
final class WriterProcess implements AutoCloseable {

  /** Inserts that each process keeps in flight. */
  static final int IN_FLIGHT = 64;

  static final String READY = "ready";
  static final String GO = "go";

  private static final String HEAP = "-Xmx256m";
  private static final long CLOSE_SECONDS = 10;
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final BufferedReader lines;
  private final Writer commands;

  private WriterProcess(Process process) {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  static WriterProcess start(Path file, PeerKind kind, Duration alone, Window window)
      throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            HEAP,
            "-cp",
            System.getProperty("java.class.path"),
            WriterMain.class.getName(),
            file.toString(),
            kind.id(),
            Long.toString(alone.toMillis()),
            Long.toString(window.warmUp().toMillis()),
            Long.toString(window.measured().toMillis()));
    return new WriterProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void awaitReady() throws Exception {
    String line = line();
    if (!line.equals(READY)) {
      throw new IOException("A writer process said \"" + line + "\" instead of being ready");
    }
  }

  void go() throws IOException {
    commands.write(GO + "\n");
    commands.flush();
  }

  Report awaitReport() throws Exception {
    return Report.parse(line());
  }

  private String line() throws Exception {
    String line = Aside.<@Nullable String>begin(lines::readLine).await(PATIENCE_SECONDS);
    if (line == null) {
      throw new IOException("A writer process ended early; its standard error says why");
    }
    return line;
  }

  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException alreadyGone) {
      process.destroyForcibly();
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What a process did.
   *
   * @param outcome within the measured time
   * @param acknowledged in all
   */
  record Report(Outcome outcome, RowCount acknowledged) {

    double rate() {
      return outcome.rate();
    }

    /** Both, side by side. */
    Report beside(Report other) {
      return new Report(outcome.beside(other.outcome), acknowledged.plus(other.acknowledged));
    }

    String line() {
      String error = outcome.firstError();
      return String.format(
          Locale.ROOT,
          "%d %d %d %.6f %d %d %d %s %s",
          acknowledged.rows(),
          acknowledged.sum(),
          outcome.operations(),
          outcome.seconds(),
          outcome.errors(),
          outcome.usage().allocatedBytes(),
          outcome.usage().cpuNanos(),
          outcome.latency().encode(),
          error == null ? "" : error.replace('\n', ' '));
    }

    static Report parse(String line) {
      String[] words = line.split(" ", 9);
      @Nullable String error = words[8].isEmpty() ? null : words[8];
      return new Report(
          new Outcome(
              Long.parseLong(words[2]),
              Double.parseDouble(words[3]),
              Latency.decode(words[7]),
              Long.parseLong(words[4]),
              error,
              new Usage(Long.parseLong(words[5]), Long.parseLong(words[6]))),
          new RowCount(Long.parseLong(words[0]), Long.parseLong(words[1])));
    }
  }
}
