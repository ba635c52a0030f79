package io.github.reactivesqlite.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @Test
  void aRunPrintsAndWritesWhatItFound() throws Exception {
    assertThat(run("--only", "limits,scan")).isEqualTo(Main.FINE);
    assertThat(printed())
        .contains("fsync", "SQLite 3.", "durability", "workload", "scan", "scan-of-jdbc")
        .contains("Every run's rows are all there.");
    assertThat(directory.resolve("tiny.csv")).content().contains("scan,jdbc,0,6000,");
    assertThat(directory.resolve("tiny.svg")).content().startsWith("<svg ");
    assertThat(directory.resolve("tiny.txt")).content().contains("reach");
    assertThat(directory.resolve("data")).isEmptyDirectory();
    assertThat(progress.toString(StandardCharsets.UTF_8)).contains("0 %", "100 %");
  }

  @Test
  void aRunThatFellBehindTheRecordedOneFails() throws Exception {
    Path recorded = Files.writeString(directory.resolve("recorded.csv"), "scan-of-jdbc,1000\n");
    assertThat(run("--only", "scan", "--compare", recorded.toString())).isEqualTo(Main.REGRESSED);
    assertThat(printed()).contains("Fell behind", "recorded 1000.000");
  }

  @Test
  void aRunThatKeptUpIsFine() throws Exception {
    Path recorded = directory.resolve("recorded.csv");
    assertThat(run("--only", "scan", "--record", recorded.toString())).isEqualTo(Main.FINE);
    assertThat(recorded).content().contains("scan-of-jdbc,").startsWith("#");
    Files.writeString(recorded, "scan-of-jdbc,0.0001\n");
    assertThat(run("--only", "scan", "--compare", recorded.toString())).isEqualTo(Main.FINE);
    assertThat(printed()).contains("Nothing fell behind");
  }

  @Test
  void aMistakeInTheCommandLineIsExplained() throws Exception {
    assertThat(run("--fast")).isEqualTo(Main.MISUSED);
    assertThat(progress.toString(StandardCharsets.UTF_8)).contains("--fast", "--quick");
  }

  private int run(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("--tiny", "--peers", "reactive-sqlite"));
    all.addAll(List.of("--output", directory.toString()));
    all.addAll(List.of(words));
    return Main.run(all, stream(out), stream(progress));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
