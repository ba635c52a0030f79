package io.github.reactivesqlite.sqlite.engine.runtime;

/**
 * What a connection's progress handler asks while a statement runs. Read on the connection's own
 * thread, so a late stop can never hit the next statement.
 */
public interface StopSignal {

  /** Never stops. */
  StopSignal NONE = () -> false;

  /** Whether the running statement is to be stopped. Called every 1,000 steps of the engine. */
  boolean stopRequested();
}
