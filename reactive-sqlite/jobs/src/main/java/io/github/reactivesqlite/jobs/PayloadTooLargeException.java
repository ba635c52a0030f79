package io.github.reactivesqlite.jobs;

/** A payload is longer than its type allows. Nothing was enqueued. */
public final class PayloadTooLargeException extends JobException {
  private static final long serialVersionUID = 1L;

  PayloadTooLargeException(String type, int bytes, int limit) {
    super(
        "A payload of type "
            + type
            + " has "
            + bytes
            + " bytes, and at most "
            + limit
            + " are allowed. Store large data in a table or file of your own and enqueue its key, or"
            + " raise the limit with JobType.maxPayloadBytes");
  }
}
