package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who starts it with something wrong: one line, and an exit code. */
@Tag("process")
class StartupTest {

  /** Of a machine that is slow, for example. */
  private static final Pattern WARNING = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN .*");

  @TempDir Path folder;

  /** How a process ended. */
  private record Ended(int exitCode, List<String> lines) {}

  @Test
  void portInUse() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Ended ended = run(options("--server.port=" + taken.getLocalPort()));

      assertRefused(ended, "Port " + taken.getLocalPort() + " was already in use");
    }
  }

  @Test
  void missingFolder() throws IOException, InterruptedException {
    Ended ended = run(options("--library.folder=" + folder.resolve("none")));

    assertRefused(ended, "There is no folder");
  }

  @Test
  void fileInPlaceOfAFolder() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertRefused(run(options("--library.folder=" + file)), "is a file");
  }

  @Test
  void fileThatIsNoDatabase() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("other.db"), "This is a letter. ".repeat(500));

    Ended ended = run(options("--library.database=" + file));

    assertRefused(ended, "The database cannot be opened");
    assertThat(file).hasContent("This is a letter. ".repeat(500));
  }

  @Test
  void folderWhereNoDatabaseCanBeMade() throws IOException, InterruptedException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "Skipped: no POSIX");
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));

    Ended ended =
        run(withoutPower(), options("--library.database=" + closed.resolve("library.db")));

    assertRefused(ended, "The database cannot be opened");
    assertThat(closed).isEmptyDirectory();
  }

  /** Root writes where it may not, unless this power is taken from it. */
  private static List<String> withoutPower() throws IOException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    Path setpriv = Path.of("/usr/bin/setpriv");
    assumeTrue(Files.isExecutable(setpriv), "Skipped: root writes everywhere without setpriv");
    List<String> starter =
        List.of(setpriv.toString(), "--bounding-set=-dac_override,-dac_read_search");
    List<String> trial = new ArrayList<>(starter);
    trial.add("true");
    Process process =
        new ProcessBuilder(trial)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assumeTrue(
        process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0,
        "Skipped: root of this container may not give up a power");
    return starter;
  }

  @Test
  void valueThatIsNone() throws IOException, InterruptedException {
    assertRefused(run(options("--library.max-files=many")), "library.max-files");
  }

  @Test
  void valueOutOfRange() throws IOException, InterruptedException {
    assertRefused(run(options("--library.max-files=0")), "--library.max-files is at least 1");
    assertRefused(run(options("--library.heartbeat=0s")), "--library.heartbeat is at least 100ms");
  }

  @Test
  void optionThatIsNone() throws IOException, InterruptedException {
    assertRefused(run(options("--library.foldr=x")), "There is no option --library.foldr");
  }

  @Test
  void addressOfAnotherMachine() throws IOException, InterruptedException {
    // An address of the documentation's own, which no machine has
    assertRefused(
        run(options("--server.address=192.0.2.1")), "The server cannot listen", "--server.address");
  }

  @Test
  void unknownCommand() throws IOException, InterruptedException {
    Ended ended = run(List.of("docter", "x"));

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.lines().get(0)).contains("no such command: docter");
  }

  @Test
  void doctorEndsWithItsCode() throws IOException, InterruptedException {
    Ended missing = run(List.of("doctor", folder.resolve("none.db").toString()));
    Ended usage = run(List.of("doctor"));

    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.lines()).anyMatch(line -> line.contains("no such file"));
    assertThat(usage.exitCode()).isEqualTo(2);
    assertThat(usage.lines()).singleElement().asString().startsWith("usage:");
  }

  private static List<String> said(Path output) throws IOException {
    return Files.readAllLines(output).stream()
        .filter(line -> !WARNING.matcher(line).matches())
        .toList();
  }

  private static void assertRefused(Ended ended, String... reason) {
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.lines())
        .singleElement()
        .asString()
        .startsWith("demo-app: ")
        .contains(reason)
        .doesNotContain("Exception");
  }

  private List<String> options(String wrong) {
    List<String> options = new ArrayList<>();
    options.add("--library.scan-on-start=false");
    options.add("--server.port=0");
    options.add("--library.folder=" + folder);
    options.add("--library.database=" + folder.resolve("library.db"));
    options.removeIf(option -> option.startsWith(wrong.substring(0, wrong.indexOf('=') + 1)));
    options.add(wrong);
    return options;
  }

  private Ended run(List<String> arguments) throws IOException, InterruptedException {
    return run(List.of(), arguments);
  }

  private Ended run(List<String> starter, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(starter);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            DemoApplication.class.getName()));
    command.addAll(arguments);
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    SecondDemo.leaveOutOptions(builder);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(110, TimeUnit.SECONDS)).as("it ends").isTrue();
      return new Ended(process.exitValue(), said(output));
    } finally {
      process.destroyForcibly();
    }
  }
}
