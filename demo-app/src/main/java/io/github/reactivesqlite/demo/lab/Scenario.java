package io.github.reactivesqlite.demo.lab;

import java.util.List;
import java.util.Map;

/** One of the five applications. */
public interface Scenario {

  /**
   * Its name on the command line and in addresses.
   *
   * @return lower case letters and hyphens
   */
  String name();

  /**
   * What kind of application it was.
   *
   * @return a few words
   */
  String title();

  /**
   * What the application did and suffered.
   *
   * @return some sentences
   */
  String story();

  /**
   * What one operation is.
   *
   * @return a few words
   */
  String operation();

  /**
   * Workers when nobody says how many.
   *
   * @return from 1 to {@link LabOptions#MOST_WORKERS}
   */
  int defaultWorkers();

  /**
   * Seconds per side when nobody says how many.
   *
   * @return from 1 to {@link LabOptions#MOST_SECONDS}
   */
  int defaultSeconds();

  /**
   * Before and after.
   *
   * @return two steps
   */
  List<Step> steps();

  /**
   * The steps from before to after that the application took one by one.
   *
   * @return empty if there is no ladder
   */
  default List<Step> ladder() {
    return List.of();
  }

  /**
   * Whether each step is run for a moment before it is measured, so that what a JVM does once is in
   * no figure.
   *
   * @return true unless the processes of the scenario warm up by themselves
   */
  default boolean warmsUp() {
    return true;
  }

  /**
   * The rows of its table.
   *
   * @return figures in their order
   */
  List<Metric> table();

  /**
   * The figures of its chart.
   *
   * @return a few of the table's
   */
  List<Metric> chart();

  /**
   * What must be true on reactive-sqlite.
   *
   * @return the last column
   */
  List<Expectation> expectations();

  /**
   * What the application itself reported, in its words. Not measured here.
   *
   * @return by figure
   */
  Map<Metric, String> reported();
}
