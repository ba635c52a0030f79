package io.github.reactivesqlite.metrics;

import io.github.reactivesqlite.Lane;

/** The gauges of a database whose engine has not been bound yet. */
enum NoGauges implements Gauges {
  INSTANCE;

  @Override
  public int queueDepth(Lane lane) {
    return 0;
  }

  @Override
  public long queueBytes(Lane lane) {
    return 0;
  }

  @Override
  public int readersActive() {
    return 0;
  }

  @Override
  public int readersIdle() {
    return 0;
  }

  @Override
  public int readsPending() {
    return 0;
  }

  @Override
  public long walFrames() {
    return 0;
  }

  @Override
  public long walBytes() {
    return 0;
  }

  @Override
  public long walCheckpointedFrames() {
    return 0;
  }
}
