package io.github.reactivesqlite.sqlite.engine.runtime;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound that an idle result thread may wait for its next task, as Reactor tells it of
 * its own threads. Loaded by BlockHound only, where an application has it.
 */
public final class IdleThreads implements BlockHoundIntegration {

  /** For the service loader. */
  public IdleThreads() {}

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder.allowBlockingCallsInside(SpinningQueue.class.getName(), "next");
  }
}
