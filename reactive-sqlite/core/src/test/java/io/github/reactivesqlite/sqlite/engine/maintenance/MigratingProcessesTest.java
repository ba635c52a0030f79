package io.github.reactivesqlite.sqlite.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

@Tag("process")
class MigratingProcessesTest {

  private static final int PROCESSES = 3;

  @TempDir Path dir;
  private final OpenDatabases databases = new OpenDatabases();
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endAll() throws Exception {
    processes.forEach(Process::destroyForcibly);
    databases.close();
  }

  @Test
  void processesThatStartTogetherApplyEachMigrationOnce() throws Exception {
    Path file = dir.resolve("x.db");
    Path go = dir.resolve("go");
    for (int number = 0; number < PROCESSES; number++) {
      processes.add(start(file, result(number), go));
    }
    awaitReady();
    Files.writeString(go, "");

    for (int number = 0; number < PROCESSES; number++) {
      Process process = processes.get(number);
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue())
          .describedAs(Files.readString(result(number).resolveSibling(number + ".log")))
          .isZero();
    }

    List<Long> applied = new ArrayList<>();
    for (int number = 0; number < PROCESSES; number++) {
      Files.readAllLines(result(number)).forEach(line -> applied.add(Long.valueOf(line)));
    }
    assertThat(applied)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(1, MigratingProcess.MIGRATIONS).boxed().toList());
    Connection outside = databases.outside(file);
    assertThat(OpenDatabases.ask(outside, "SELECT count(*) FROM reactive_sqlite_migration"))
        .isEqualTo(MigratingProcess.MIGRATIONS);
    assertThat(OpenDatabases.ask(outside, "SELECT count(*) FROM t7")).isEqualTo(1);
    assertThat(OpenDatabases.askText(outside, "PRAGMA integrity_check")).isEqualTo("ok");
  }

  private Path result(int number) {
    return dir.resolve(Integer.toString(number));
  }

  private Process start(Path file, Path result, Path go) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            MigratingProcess.class.getName(),
            file.toString(),
            result.toString(),
            go.toString())
        .redirectErrorStream(true)
        .redirectOutput(result.resolveSibling(result.getFileName() + ".log").toFile())
        .start();
  }

  private void awaitReady() {
    Flux.interval(Duration.ofMillis(10))
        .onBackpressureDrop()
        .filter(
            tick ->
                LongStream.range(0, PROCESSES)
                    .allMatch(number -> Files.exists(dir.resolve(number + ".ready"))))
        .next()
        .block(Duration.ofSeconds(60));
  }
}
