package io.github.reactivesqlite.demo.lab;

import java.util.List;

/** What somebody who looks on is told, in this order: begun, ticks and steps, finished. */
public sealed interface LabEvent {

  /**
   * It begins.
   *
   * @param scenario its name
   * @param options how it is run
   * @param steps the names of its steps
   */
  record Begun(String scenario, LabOptions options, List<String> steps) implements LabEvent {}

  /**
   * How far it is, some times a second.
   *
   * @param step the index of the step
   * @param seconds since the step began
   * @param fraction of the step that is done
   * @param operations so far
   * @param lockErrors so far
   * @param retries so far
   */
  record Tick(
      int step, double seconds, double fraction, long operations, long lockErrors, long retries)
      implements LabEvent {}

  /**
   * A step has ended.
   *
   * @param step its index
   * @param measurement what it gave
   */
  record StepEnded(int step, Measurement measurement) implements LabEvent {}

  /**
   * All is measured.
   *
   * @param result everything
   */
  record Finished(LabResult result) implements LabEvent {}

  /**
   * It ended early.
   *
   * @param cancelled whether somebody wanted that
   * @param message what happened
   */
  record Ended(boolean cancelled, String message) implements LabEvent {}
}
