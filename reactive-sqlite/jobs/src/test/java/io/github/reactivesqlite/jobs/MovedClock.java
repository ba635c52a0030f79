package io.github.reactivesqlite.jobs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The wall clock, set wrong by as much as a test says. */
final class MovedClock extends Clock {

  private volatile Duration moved = Duration.ZERO;

  void move(Duration by) {
    moved = by;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.offset(Clock.system(zone), moved);
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(moved);
  }
}
