package io.github.reactivesqlite.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.workload.Workload;
import io.github.reactivesqlite.benchmarks.workload.Workloads;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

  @Test
  void withoutOptionsEverythingRuns() {
    Options options = Options.parse(List.of());
    assertThat(options.plan().name()).isEqualTo("full");
    assertThat(options.peers()).isEqualTo(PeerKind.available());
    assertThat(options.workloads()).isEqualTo(Workloads.all());
  }

  @Test
  void aQuickRunLeavesOutWhatNothingDependsOn() {
    Options options = Options.parse(List.of("--quick"));
    assertThat(options.workloads())
        .extracting(Workload::id)
        .contains("read")
        .doesNotContain("mix-90-10");
  }

  @Test
  void peersAndWorkloadsCanBeChosen() {
    Options options =
        Options.parse(
            List.of("--peers", "hikari,vertx-jdbc", "--only", "scan,read", "--output", "there"));
    assertThat(options.peers()).containsExactly(PeerKind.HIKARI, PeerKind.VERTX);
    assertThat(options.workloads()).extracting(Workload::id).containsExactly("read", "scan");
    assertThat(options.directory()).isEqualTo(Path.of("there", "data"));
  }

  @ParameterizedTest
  @CsvSource({
    "--fast,There is no option --fast",
    "--peers oracle,No peer is called oracle",
    "--only naps,No workload is called naps",
    "--seed x,needs a number",
    "--output,needs a value"
  })
  void whatCannotBeUnderstoodIsNamed(String line, String message) {
    assertThatThrownBy(() -> Options.parse(List.of(line.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
