package io.github.reactivesqlite.demo.lab.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnderWayTest {

  private static final int AT_LEAST = 2;
  private static final long BROKEN = 50;

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
  void nothingIsUnderWayWhenTheLastHasEnded() {
    assertThat(underWay.isNothing()).isTrue();
    underWay.begin("a", 1);
    underWay.begin("b", 1);
    underWay.end("a", 1);
    assertThat(underWay.isNothing()).isFalse();
    underWay.end("b", 1);
    assertThat(underWay.isNothing()).isTrue();
  }

  @Test
  void processWithIdleWorkersIsNotInTheMiddleOfItsJobs() {
    assertThat(isInTheMiddle()).isFalse();
    underWay.begin("a", 1);
    assertThat(isInTheMiddle()).isFalse();
    underWay.begin("a", 2);
    assertThat(isInTheMiddle()).isTrue();
    underWay.end("a", 1);
    assertThat(isInTheMiddle()).isFalse();
  }

  /** As after a burst, when every idle worker sees the same first job. */
  @Test
  void jobThatAnotherProcessHasTooIsNotLostWithOne() {
    underWay.begin("a", 1);
    underWay.begin("a", 1);
    underWay.begin("b", 1);
    underWay.begin("b", 1);
    assertThat(isInTheMiddle()).isFalse();

    underWay.end("a", 1);
    underWay.begin("a", 2);
    assertThat(isInTheMiddle()).isTrue();
  }

  @Test
  void brokenEpisodeIsSpared() {
    underWay.begin("a", 1);
    underWay.begin("a", BROKEN);
    assertThat(isInTheMiddle()).isFalse();

    underWay.end("a", BROKEN);
    underWay.begin("a", 2);
    assertThat(isInTheMiddle()).isTrue();
  }

  private boolean isInTheMiddle() {
    return underWay.isInTheMiddle("a", AT_LEAST, episode -> episode == BROKEN);
  }
}
