package io.github.reactivesqlite.demo.library;

/** The application cannot start with what it was given. */
public final class StartupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  /**
   * Creates the exception.
   *
   * @param message what is wrong
   * @param remedy what to do about it
   */
  public StartupException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /**
   * What to do about it.
   *
   * @return a sentence
   */
  public String remedy() {
    return remedy;
  }
}
