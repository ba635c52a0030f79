package io.github.reactivesqlite.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LabCommandTest {

  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  @TempDir Path folder;
  private final Level level = ROOT.getLevel();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** The command silences it, and other tests have the same process. */
  @AfterEach
  void logAgain() {
    ROOT.setLevel(level);
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private int run(String... words) {
    return LabCommand.run(List.of(words), printer(out), printer(err));
  }

  private int run(Scenario scenario, boolean ladder) throws IOException {
    return LabCommand.run(
        new LabArguments(List.of(scenario), null, null, ladder, folder), printer(out));
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "topics --seconds=0",
        "topics --seconds=61",
        "topics --seconds",
        "topics --workers=65",
        "topics --workers=many",
        "topics --fast",
        "topics scraper",
        "topics --out=",
        "topics --out=\u0000"
      })
  void wrongArgumentsAreExplained(String line) {
    String[] words = line.isEmpty() ? new String[0] : line.split(" ", -1);

    assertThat(run(words)).isEqualTo(LabCommand.USAGE);

    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("demo-app: ")
        .contains("usage: java -jar demo-app.jar lab SCENARIO|all")
        .contains("scenarios: topics, transcripts, two-processes, scraper, library-scan");
    assertThat(said()).isEmpty();
  }

  @Test
  void helpIsNoMistake() {
    assertThat(run("--help")).isZero();

    assertThat(said()).startsWith("usage: java -jar demo-app.jar lab SCENARIO|all");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void resultsNeedAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThat(run("topics", "--quick", "--out=" + file)).isEqualTo(LabCommand.MISSED);

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines(
            "demo-app: the results cannot be written: "
                + file
                + " is a file, and a folder is needed");
    assertThat(said()).isEmpty();
  }

  @Test
  void optionsReplaceWhatTheScenarioHas() throws LabArguments.WrongArgument {
    LabArguments arguments =
        LabArguments.parse(List.of("all", "--seconds=3", "--workers=32", "--ladder"));

    assertThat(arguments.scenarios()).hasSize(5);
    assertThat(arguments.scenarios())
        .allSatisfy(
            scenario ->
                assertThat(arguments.optionsFor(scenario)).isEqualTo(new LabOptions(3, 32, true)));
    Scenario topics = LabArguments.parse(List.of("topics")).scenarios().get(0);
    assertThat(LabArguments.parse(List.of("topics", "--quick")).optionsFor(topics))
        .isEqualTo(new LabOptions(LabOptions.QUICK_SECONDS, 17, false));
  }

  @Test
  void whatIsMetEndsWithZero() throws IOException {
    assertThat(run(SampleScenario.withLockErrors(0), false)).isEqualTo(LabCommand.MET);

    assertThat(said())
        .contains("[########################] 100 %")
        .contains("100 done, 0 lock errors")
        .containsPattern("\\| Lock errors surfaced +\\| +1,234 \\| +0 \\|")
        .doesNotContain("missed");
    assertThat(folder.resolve("sample.csv")).content().startsWith("scenario,figure,");
    assertThat(folder.resolve("sample.svg")).content().startsWith("<svg ");
  }

  @Test
  void whatIsMissedEndsWithOne() throws IOException {
    assertThat(run(SampleScenario.withLockErrors(1), true)).isEqualTo(LabCommand.MISSED);

    assertThat(said()).contains("missed").contains("+ half");
  }

  @Test
  void whatCannotRunEndsWithOneAndSaysWhy() throws IOException {
    SampleScenario broken =
        new SampleScenario(
            trial -> {
              throw new IOException("the disk is gone");
            },
            trial -> {});

    assertThat(run(broken, false)).isEqualTo(LabCommand.MISSED);

    assertThat(said()).contains("The run failed: the disk is gone");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @Tag("process")
  void scenarioWithProcessesRunsAndIsWritten() throws IOException {
    int code = run("scraper", "--quick", "--workers=2", "--out=" + folder.resolve("new"));

    assertThat(code).isEqualTo(said().contains("| missed") ? 1 : 0);
    assertThat(said()).contains("Scraper (scraper)").contains("Sum of the shared counters");
    assertThat(Files.readString(folder.resolve("new").resolve("scraper.csv")))
        .contains("scraper,rows,Rows in the database,,");
    assertThat(folder.resolve("new").resolve("scraper.svg")).isNotEmptyFile();
  }

  @Test
  void childWithoutARoleSaysSo() {
    assertThat(run("child", "nothing")).isEqualTo(2);
    assertThat(said()).contains("no such role");
  }
}
