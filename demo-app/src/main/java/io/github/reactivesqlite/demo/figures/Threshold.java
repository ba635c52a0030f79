package io.github.reactivesqlite.demo.figures;

/**
 * Something that should stay below a limit.
 *
 * @param id a name for programs
 * @param group what crossing it means
 * @param what what is measured
 * @param limit the limit, in words
 * @param measured what was measured, in words
 * @param state how the two compare
 */
public record Threshold(
    String id, Group group, String what, String limit, String measured, State state) {

  /** What it means when a threshold is crossed. */
  public enum Group {
    /** One file on one machine is getting too small: think of moving to PostgreSQL. */
    OUTGROWN,
    /** Something is wrong here and now. */
    ALARM
  }

  /** How measure and limit compare. */
  public enum State {
    /** Below the limit. */
    BELOW,
    /** Above a first limit, below the last one. */
    NEAR,
    /** Above the limit. */
    CROSSED,
    /** No figure tells; somebody has to know. */
    UNKNOWN
  }
}
