package io.github.reactivesqlite.metrics;

import io.github.reactivesqlite.Lane;

/** Gauges with fixed figures. */
record StandingStill() implements Gauges {

  @Override
  public int queueDepth(Lane lane) {
    return lane == Lane.BULK ? 2 : 1;
  }

  @Override
  public long queueBytes(Lane lane) {
    return lane == Lane.BULK ? 2_000 : 1_000;
  }

  @Override
  public int readersActive() {
    return 3;
  }

  @Override
  public int readersIdle() {
    return 4;
  }

  @Override
  public int readsPending() {
    return 5;
  }

  @Override
  public long walFrames() {
    return 6;
  }

  @Override
  public long walBytes() {
    return 7;
  }

  @Override
  public long walCheckpointedFrames() {
    return 8;
  }
}
