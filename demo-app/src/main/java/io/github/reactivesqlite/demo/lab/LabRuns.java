package io.github.reactivesqlite.demo.lab;

import io.github.reactivesqlite.demo.library.RejectedException;
import jakarta.annotation.PreDestroy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The runs of the lab that the browser starts: one at a time, and the last ones are kept. */
@Component
public class LabRuns {

  private static final int KEPT = 20;

  /** All that a run of the longest kind tells. */
  private static final int EVENTS = 4_096;

  private static final long STOP_SECONDS = 5;

  private final Map<Long, Run> runs = new LinkedHashMap<>();
  private long last;

  private static final class Run {
    private final Sinks.Many<LabEvent> events = Sinks.many().replay().limit(EVENTS);
    private final LabRunner runner = new LabRunner(this::tell);
    private final Thread thread;
    private volatile Optional<LabResult> result = Optional.empty();
    // Written by the run's thread: before its last event, so that whoever hears it may start
    // another
    private volatile boolean over;

    Run(Scenario scenario, LabOptions options) {
      thread =
          new Thread(
              () -> {
                try {
                  result = runner.run(scenario, options);
                } finally {
                  end();
                }
              },
              "lab-run");
      thread.setDaemon(true);
    }

    /** Whatever happened: nobody is left waiting. */
    private void end() {
      if (!over) {
        tell(new LabEvent.Ended(false, "The run failed. The console shows the error."));
      }
      events.tryEmitComplete();
    }

    private void tell(LabEvent event) {
      if (event instanceof LabEvent.Finished finished) {
        // Whoever hears of the end finds the result
        result = Optional.of(finished.result());
      }
      if (event instanceof LabEvent.Finished || event instanceof LabEvent.Ended) {
        over = true;
      }
      events.tryEmitNext(event);
    }
  }

  /**
   * Starts a scenario.
   *
   * @param scenario what
   * @param options how
   * @return the number of the run
   * @throws RejectedException if one is running
   */
  public synchronized long start(Scenario scenario, LabOptions options) {
    if (running().isPresent()) {
      throw RejectedException.conflict("A scenario is running. Wait for its end, or stop it.");
    }
    Run run = new Run(scenario, options);
    last++;
    runs.put(last, run);
    runs.keySet().removeIf(id -> id <= last - KEPT);
    run.thread.start();
    return last;
  }

  /**
   * The run that is under way.
   *
   * @return its number, if there is one
   */
  public synchronized OptionalLong running() {
    Run newest = runs.get(last);
    return newest != null && !newest.over ? OptionalLong.of(last) : OptionalLong.empty();
  }

  /**
   * The run that was started last.
   *
   * @return its number, if there is one
   */
  public synchronized OptionalLong newest() {
    return runs.containsKey(last) ? OptionalLong.of(last) : OptionalLong.empty();
  }

  /**
   * Ends a run early. One that has ended stays as it is.
   *
   * @param id its number
   * @throws RejectedException if there is no such run
   */
  public void cancel(long id) {
    find(id).runner.cancel();
  }

  /**
   * What happens in a run, from its beginning.
   *
   * @param id its number
   * @return completes with the run
   * @throws RejectedException if there is no such run
   */
  public Flux<LabEvent> events(long id) {
    return find(id).events.asFlux();
  }

  /**
   * The result of a run.
   *
   * @param id its number
   * @return the result
   * @throws RejectedException if there is no such run, or it has none
   */
  public LabResult result(long id) {
    return find(id)
        .result
        .orElseThrow(() -> RejectedException.notFound("This run has no result, or not yet."));
  }

  private synchronized Run find(long id) {
    Run run = runs.get(id);
    if (run == null) {
      throw RejectedException.notFound("There is no such run, or it is too long ago.");
    }
    return run;
  }

  /** Stops what runs, and its processes with it. */
  @PreDestroy
  void close() throws InterruptedException {
    Run newest;
    synchronized (this) {
      newest = runs.get(last);
    }
    if (newest != null) {
      newest.runner.cancel();
      newest.thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    }
  }
}
