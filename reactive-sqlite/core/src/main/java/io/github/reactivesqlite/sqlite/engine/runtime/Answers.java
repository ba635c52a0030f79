package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.List;
import org.slf4j.Logger;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Carries answers from the engine's threads to the result scheduler. The callers of a group are
 * answered in slices, each a task of its own, so that slow callers do not all wait in one line.
 */
public final class Answers {

  /** How many answers one task gives. */
  public static final int SLICE = 64;

  private static final Logger LOG = SteadyLogger.of(Answers.class);

  private final Scheduler scheduler;

  /** Answers on the given scheduler. */
  public Answers(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Gives all answers, in slices. The list is not used by the caller afterwards. */
  public void deliver(List<? extends Runnable> answers) {
    int size = answers.size();
    for (int from = 0; from < size; from += SLICE) {
      List<? extends Runnable> slice =
          size <= SLICE ? answers : answers.subList(from, Math.min(size, from + SLICE));
      deliver(() -> slice.forEach(Answers::give));
    }
  }

  /** Runs one task on the result scheduler; a scheduler that is gone does not lose the answer. */
  public void deliver(Runnable task) {
    // What the task throws is the subscriber's, and not a refusal of a scheduler that runs it here
    Runnable given = () -> give(task);
    try {
      scheduler.schedule(given);
    } catch (Throwable refused) {
      Schedulers.parallel().schedule(given);
      LOG.warn(
          "The result scheduler refused a task ({}); answering on the parallel scheduler instead."
              + " Give the database a scheduler that outlives it",
          refused.getClass().getName());
    }
  }

  private static void give(Runnable answer) {
    try {
      answer.run();
    } catch (Throwable thrown) {
      LOG.error("A subscriber threw while it was given a result; others are not affected", thrown);
    }
  }
}
