package io.github.reactivesqlite.demo.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RisingClockTest {

  @Test
  void momentsOnlyRise() {
    Iterator<Long> clock = List.of(1_000L, 1_000L, 900L, 1_001L, 1_500L).iterator();
    RisingClock rising = new RisingClock(clock::next);

    assertThat(LongStream.generate(rising::next).limit(5))
        .containsExactly(1_000L, 1_001L, 1_002L, 1_003L, 1_500L);
  }
}
