package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.ChildJvm;
import io.github.reactivesqlite.demo.lab.Expectation;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Scenario;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Podcast transcripts: workers that call a service between two transactions. */
final class Transcripts implements Scenario {

  static final String ROLE_BEFORE = "transcripts-before";
  static final String ROLE_AFTER = "transcripts-after";

  /** The process whose handlers the service sees under this name is killed. */
  static final String KILLED = "killed";

  static final String PARENT = "parent";

  static final int BURSTS = 5;
  static final int JOBS_PER_WORKER = 15;

  /** Reading an entry of the feed. */
  static final Duration PARSE = Duration.ofMillis(5);

  /** When the other process is killed: with the jobs of this burst, or of one soon after it. */
  static final int KILL_AT = 2;

  /** The last part of the time is for finishing. */
  static final double FEED_ENDS = 0.5;

  @Override
  public String name() {
    return "transcripts";
  }

  @Override
  public String title() {
    return "Podcast transcripts";
  }

  @Override
  public String story() {
    return "4 workers claim jobs by SELECT and UPDATE, call an HTTP service and save the text, while a"
        + " feed refresh inserts episodes with their jobs in bursts, in one transaction each. A second"
        + " process with as many workers is killed in the middle of its jobs.";
  }

  @Override
  public String operation() {
    return "job";
  }

  @Override
  public int defaultWorkers() {
    return 4;
  }

  @Override
  public int defaultSeconds() {
    return 10;
  }

  @Override
  public boolean warmsUp() {
    return false;
  }

  @Override
  public List<Step> steps() {
    return List.of(Step.before(new TranscriptsOnJdbc()), Step.after(new TranscriptsOnLibrary()));
  }

  /** The episodes of a burst. */
  static List<Long> burst(Trial trial, int burst) {
    int size = trial.workers() * JOBS_PER_WORKER;
    List<Long> episodes = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      episodes.add(1 + burst * (long) size + i);
    }
    return episodes;
  }

  static Duration betweenBursts(Trial trial) {
    return Duration.ofNanos((long) (trial.duration().toNanos() * FEED_ENDS / BURSTS));
  }

  /**
   * Kills the other process if it is in the middle of its jobs, after a burst that is late enough.
   * With the last burst it is killed in any case.
   *
   * @return whether it is killed
   */
  static boolean kill(Trial trial, TranscriptService service, ChildJvm other, int burst)
      throws InterruptedException {
    boolean now =
        burst >= KILL_AT
            && (service.awaitInTheMiddle(KILLED, betweenBursts(trial), trial::running)
                || burst == BURSTS - 1
                || !trial.running());
    if (now) {
      other.kill();
    }
    return now;
  }

  @Override
  public List<Metric> table() {
    return List.of(
        Metric.JOBS,
        Metric.JOBS_ONCE,
        Metric.JOBS_TWICE,
        Metric.JOBS_DISCARDED,
        Metric.JOBS_FAILED_BY_LOCK,
        Metric.JOBS_STUCK,
        Metric.OUTCOMES_LOST,
        Metric.LOCK_ERRORS,
        Metric.RETRIES,
        Metric.ROWS_RUNNING,
        Metric.ROWS_ORPHANED,
        Metric.HANDLERS_AT_ONCE,
        Metric.JOBS_RESCUED,
        Metric.STARTED_IN_PAUSE,
        Metric.UNITS_TOGETHER);
  }

  @Override
  public List<Metric> chart() {
    return List.of(Metric.JOBS_ONCE, Metric.JOBS_STUCK, Metric.LOCK_ERRORS);
  }

  @Override
  public List<Expectation> expectations() {
    return List.of(
        Expectation.atLeast(Metric.JOBS, BURSTS),
        Expectation.sameAs(Metric.JOBS_ONCE, Metric.JOBS),
        Expectation.none(Metric.JOBS_TWICE),
        Expectation.none(Metric.JOBS_FAILED_BY_LOCK),
        Expectation.none(Metric.JOBS_STUCK),
        Expectation.none(Metric.OUTCOMES_LOST),
        Expectation.none(Metric.LOCK_ERRORS),
        new Expectation(Metric.HANDLERS_AT_ONCE, Expectation.Comparison.AT_MOST, 0, Metric.WORKERS),
        Expectation.atLeast(Metric.JOBS_RESCUED, 1),
        Expectation.none(Metric.STARTED_IN_PAUSE),
        Expectation.atLeast(Metric.UNITS_TOGETHER, 2));
  }

  @Override
  public Map<Metric, String> reported() {
    return Map.of(
        Metric.ROWS_RUNNING, "\"6 of 4 running\"",
        Metric.JOBS_STUCK, "stuck in running",
        Metric.OUTCOMES_LOST, "failures not recorded");
  }
}
