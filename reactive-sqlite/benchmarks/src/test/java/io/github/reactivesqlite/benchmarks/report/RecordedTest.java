package io.github.reactivesqlite.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedTest {

  @TempDir private Path directory;

  @Test
  void theSameRatiosAreNoRegression() throws Exception {
    assertThat(recorded(ratio(20), tail(8)).regressions(List.of(ratio(20), tail(8)))).isEmpty();
  }

  @Test
  void aRatioMayMoveWithinTheTolerance() throws Exception {
    assertThat(recorded(ratio(20)).regressions(List.of(ratio(14)))).isEmpty();
    assertThat(recorded(ratio(20)).regressions(List.of(ratio(40)))).isEmpty();
  }

  @Test
  void aRatioThatFellByMoreIsARegressionEvenAboveItsFloor() throws Exception {
    assertThat(recorded(ratio(20)).regressions(List.of(ratio(12.5))))
        .containsExactly("ratio: 12.500, recorded 20.000 (more is better)");
  }

  @Test
  void aTailRegressesWhenItLeavesItsBoundAndMoreThanDoubles() throws Exception {
    assertThat(recorded(tail(6)).regressions(List.of(tail(9)))).isEmpty();
    assertThat(recorded(tail(6)).regressions(List.of(tail(11)))).isEmpty();
    assertThat(recorded(tail(2)).regressions(List.of(tail(9)))).isEmpty();
    assertThat(recorded(tail(6)).regressions(List.of(tail(13))))
        .containsExactly("tail: 13.000, recorded 6.000 (less is better)");
  }

  @Test
  void whatIsNoLongerMeasuredIsSaid() throws Exception {
    assertThat(recorded(ratio(20)).regressions(List.of(ratio(Double.NaN))))
        .containsExactly("ratio was recorded and is no longer measured");
  }

  @Test
  void whatDoesNotCountIsNeitherRecordedNorCompared() throws Exception {
    ReachRow uncounted = new ReachRow("ratio", 1, 10, true, true, false);
    assertThat(recorded(ratio(20)).regressions(List.of(uncounted))).isEmpty();
    assertThatThrownBy(() -> recorded(uncounted))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("records nothing");
  }

  @Test
  void aFileOfSomethingElseIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("broken.csv"), "ratio,much\n");
    assertThatThrownBy(() -> Recorded.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ratio,much");
  }

  private Recorded recorded(ReachRow... rows) throws IOException {
    Path file = directory.resolve("sub").resolve("recorded.csv");
    Recorded.write(file, List.of(rows), List.of("machine of a test, with a comma"));
    return Recorded.read(file);
  }

  private static ReachRow ratio(double value) {
    return new ReachRow("ratio", value, 10, true, true, true);
  }

  private static ReachRow tail(double value) {
    return new ReachRow("tail", value, 10, false, false, true);
  }
}
