package io.github.reactivesqlite.reliability;

/**
 * How much a reliability test does: the short form runs with all tests, the long form in the Maven
 * profile {@code reliability}.
 */
public final class Scale {

  private static final boolean LONG = "long".equals(System.getProperty("reliability.scale"));

  private Scale() {}

  /** The count for this run. */
  public static int of(int shortForm, int longForm) {
    return LONG ? longForm : shortForm;
  }

  /** Whether the long form runs. */
  public static boolean isLong() {
    return LONG;
  }
}
