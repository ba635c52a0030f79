package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.error.ErrorDetails;

/** Where a read runs: on whichever reader is free, or on the reader that a snapshot holds. */
interface ReadHost {

  /** Takes the request in; it is answered whatever happens. */
  void submit(ReadRequest request);

  /** The subscriber left while the request was waiting. */
  void withdraw(ReadRequest request);

  /**
   * Asks to keep the reader beyond this run, on the reader's thread.
   *
   * @return false when streams and snapshots hold as many readers as they may
   */
  boolean tryHold(Reader reader, ReadRequest request);

  /** An operator behind a read threw instead of signalling, and may not hear of any end. */
  default void subscriberThrew(Throwable error) {}

  /** Whether what runs here is to be stopped. */
  boolean isEnding();

  /** What is answered to whom it stops. */
  RuntimeException endedError(ErrorDetails details);

  /** A request that kept the reader has ended, on the reader's thread. */
  void ended(Reader reader, ReadRequest request);
}
