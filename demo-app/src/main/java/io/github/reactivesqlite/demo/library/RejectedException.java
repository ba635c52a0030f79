package io.github.reactivesqlite.demo.library;

/** A request that cannot be served as it is. The message is written for whoever sent it. */
public final class RejectedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why a request is rejected. */
  public enum Reason {
    /** A value is missing or out of its range. */
    INVALID,
    /** What was asked for is not there. */
    NOT_FOUND,
    /** It cannot be done now. */
    CONFLICT
  }

  private final Reason reason;

  private RejectedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * A value is missing or out of its range.
   *
   * @param message which, and what is allowed
   * @return the exception
   */
  public static RejectedException invalid(String message) {
    return new RejectedException(Reason.INVALID, message);
  }

  /**
   * What was asked for is not there.
   *
   * @param message what
   * @return the exception
   */
  public static RejectedException notFound(String message) {
    return new RejectedException(Reason.NOT_FOUND, message);
  }

  /**
   * It cannot be done now.
   *
   * @param message why
   * @return the exception
   */
  public static RejectedException conflict(String message) {
    return new RejectedException(Reason.CONFLICT, message);
  }

  /**
   * Why.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
