package io.github.reactivesqlite.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The application once more, in a process of its own, on the same file. It scans when it starts.
 */
public final class SecondDemo implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;

  private SecondDemo(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  public static SecondDemo start(Path folder, Path database) throws IOException {
    return new SecondDemo(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DemoApplication.class.getName(),
                "--server.port=0",
                "--library.folder=" + folder,
                "--library.database=" + database)
            .redirectErrorStream(true)
            .start());
  }

  public long pid() {
    return process.pid();
  }

  /** What it says next; null when it has ended. */
  public String line() throws IOException {
    return lines.readLine();
  }

  /** Asks it to stop, and gives its exit code. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(RunningDemo.LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("The second application does not stop");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
