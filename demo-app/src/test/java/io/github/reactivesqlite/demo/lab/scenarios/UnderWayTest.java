package io.github.reactivesqlite.demo.lab.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnderWayTest {

  private static final int WORKERS = 2;

  private final UnderWay underWay = new UnderWay();

  @Test
  void handlersAreCountedByProcess() {
    assertThat(underWay.begin("a", 1)).isEqualTo(1);
    assertThat(underWay.begin("b", 1)).isEqualTo(1);
    assertThat(underWay.begin("a", 1)).isEqualTo(2);
    underWay.end("a", 1);
    assertThat(underWay.begin("a", 2)).isEqualTo(2);
  }

  @Test
  void processWithIdleWorkersIsNotInTheMiddleOfItsJobs() {
    assertThat(underWay.isInTheMiddle("a", WORKERS)).isFalse();
    underWay.begin("a", 1);
    assertThat(underWay.isInTheMiddle("a", WORKERS)).isFalse();
    underWay.begin("a", 2);
    assertThat(underWay.isInTheMiddle("a", WORKERS)).isTrue();
    underWay.end("a", 1);
    assertThat(underWay.isInTheMiddle("a", WORKERS)).isFalse();
  }

  /** As after a burst, when every idle worker sees the same first job. */
  @Test
  void jobThatAnotherProcessHasTooIsNotLostWithOne() {
    underWay.begin("a", 1);
    underWay.begin("a", 1);
    underWay.begin("b", 1);
    underWay.begin("b", 1);
    assertThat(underWay.isInTheMiddle("a", WORKERS)).isFalse();

    underWay.end("a", 1);
    underWay.begin("a", 2);
    assertThat(underWay.isInTheMiddle("a", WORKERS)).isTrue();
  }
}
