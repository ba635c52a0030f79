package io.github.reactivesqlite.reliability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What tests share that play scenarios: each has a faulty disk of its own. */
@Tag("reliability")
@Tag("process")
abstract class OnFaultyDisk {

  @TempDir Path directory;

  FaultyDisk disk;

  @BeforeEach
  void prepare() {
    disk = new FaultyDisk(directory);
  }

  /** Plays a scenario to its end, finds no complaint, and prints its figures. */
  final Verdict play(String title, Class<? extends Scenario> scenario, Object... arguments)
      throws Exception {
    Verdict verdict = disk.play(scenario, arguments);
    disk.print(title, verdict);
    return verdict;
  }

  /** The same, where everybody was told what became of every unit. */
  final Verdict playWithoutUnknown(
      String title, Class<? extends Scenario> scenario, Object... arguments) throws Exception {
    Verdict verdict = play(title, scenario, arguments);
    assertThat(verdict.count(Fate.UNKNOWN)).isZero();
    return verdict;
  }
}
