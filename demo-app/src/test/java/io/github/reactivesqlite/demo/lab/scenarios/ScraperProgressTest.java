package io.github.reactivesqlite.demo.lab.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.lab.LabEvent;
import io.github.reactivesqlite.demo.lab.LabOptions;
import io.github.reactivesqlite.demo.lab.LabRunner;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.SampleScenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScraperProgressTest {

  private static final int THREADS = 10;
  private static final int WRITES = Scraper.PROCESSES * THREADS * Scraper.WRITES;

  private final List<Duration> ends = new ArrayList<>();
  private final List<Double> told = Collections.synchronizedList(new ArrayList<>());

  /**
   * The processes end only when everybody has been told of the half.
   *
   * <pre>
   * children  a quarter written, a quarter given up             the rest │ all end
   * listener                                        told of 0.5
   * </pre>
   */
  @Test
  void partThatIsWrittenOrGivenUpIsTold() {
    LabRunner runner = new LabRunner(this::hear);

    assertThat(
            runner.run(
                new SampleScenario(
                    trial -> {
                      trial.begin();
                      trial.tally().add(Metric.OPERATIONS, WRITES / 4);
                      trial.tally().add(Metric.GIVEN_UP, WRITES / 4);
                      Scraper.watch(trial, ends);
                      trial.end();
                    },
                    trial -> {}),
                new LabOptions(1, THREADS, false)))
        .isPresent();

    assertThat(told).contains(0.5).endsWith(1.0);
  }

  private void hear(LabEvent event) {
    if (event instanceof LabEvent.Tick tick) {
      told.add(tick.fraction());
      if (tick.fraction() == 0.5) {
        synchronized (ends) {
          // Once, however often it is told
          ends.clear();
          ends.addAll(Collections.nCopies(Scraper.PROCESSES, Duration.ZERO));
        }
      }
    }
  }
}
