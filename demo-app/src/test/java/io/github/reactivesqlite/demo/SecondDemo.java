package io.github.reactivesqlite.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The application once more, in a process of its own, on the same file. It scans when it starts.
 */
public final class SecondDemo implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");

  private final Process process;
  private final BufferedReader lines;
  private String address;

  private SecondDemo(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  public static SecondDemo start(Path folder, Path database, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DemoApplication.class.getName(),
                "--server.port=0",
                "--library.folder=" + folder,
                "--library.database=" + database));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    leaveOutOptions(builder);
    return new SecondDemo(builder.start());
  }

  /** A JVM would say that it has picked them up, between what the application says. */
  static void leaveOutOptions(ProcessBuilder builder) {
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
  }

  public long pid() {
    return process.pid();
  }

  /** Where it answers, once it has said so. */
  public String address() throws IOException {
    while (address == null) {
      Matcher found = ADDRESS.matcher(line());
      address = found.find() ? found.group() : null;
    }
    return address;
  }

  /** The next line with this part. Others, such as warnings, may come before. */
  public String lineWith(String part) throws IOException {
    String line;
    do {
      line = line();
    } while (!line.contains(part));
    return line;
  }

  private String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new AssertionError("The second application has ended");
    }
    return line;
  }

  /** Asks it to stop, and gives its exit code. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(RunningDemo.LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("The second application does not stop");
    }
    return process.exitValue();
  }

  /** Ends it by SIGKILL, and waits until it has. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(RunningDemo.LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("The second application cannot be killed");
    }
  }

  /** Afterwards nobody has the files open any more. */
  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
