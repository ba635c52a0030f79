package io.github.reactivesqlite.scenario;

import static io.github.reactivesqlite.scenario.ScraperDatabase.HOSTS;
import static io.github.reactivesqlite.scenario.ScraperDatabase.SOON;
import static io.github.reactivesqlite.scenario.ScraperDatabase.TASKS;
import static io.github.reactivesqlite.scenario.ScraperDatabase.WRITES;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.process.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

/** The scraper that lost updates: ten tasks with twenty writes at once, alone and five times. */
class ScraperScenarioTest {

  private static final int COPIES = 5;

  @TempDir Path directory;

  @Test
  void tenTasksWithTwentyWritesAtOnceLoseNothing() {
    try (ScraperDatabase scraper = new ScraperDatabase(directory.resolve("scraper.db"))) {
      scraper.createTables();

      StepVerifier.create(scraper.scrape("only")).expectComplete().verify(SOON);

      everythingIsThere(scraper, 1);
      DatabaseStats stats = scraper.database().stats();
      assertThat(stats.lock().retries()).isZero();
      assertThat(stats.lock().failures()).isZero();
      assertThat(stats.writes().failedUnits()).isZero();
    }
  }

  @Test
  @Tag("process")
  void fiveCopiesSideBySideLoseNothing() throws Exception {
    Path file = directory.resolve("shared.db");
    List<ChildJvm> copies = new ArrayList<>();
    try {
      for (int copy = 1; copy <= COPIES; copy++) {
        copies.add(ChildJvm.start(directory, ScraperProgram.class, file, "copy-" + copy));
      }
      for (ChildJvm copy : copies) {
        copy.awaitLine("ready", SOON);
      }
      copies.forEach(copy -> copy.say("go"));
      for (ChildJvm copy : copies) {
        System.out.println("saved " + copy.awaitLine("saved ", SOON));
      }
      for (ChildJvm copy : copies) {
        assertThat(copy.endsWithin(SOON)).isTrue();
        assertThat(copy.exitCode()).as(copy.transcript()).isZero();
      }
    } finally {
      for (ChildJvm copy : copies) {
        copy.close();
      }
    }
    try (ScraperDatabase scraper = new ScraperDatabase(file)) {
      everythingIsThere(scraper, COPIES);
      assertThat(scraper.number("SELECT count(DISTINCT program) FROM page")).isEqualTo(COPIES);
    }
  }

  private static void everythingIsThere(ScraperDatabase scraper, int copies) {
    long pages = (long) copies * TASKS * WRITES;
    long failures = (long) copies * TASKS * ScraperDatabase.failuresPerTask();
    assertThat(scraper.number("SELECT count(*) FROM page")).isEqualTo(pages);
    assertThat(scraper.number("SELECT n FROM counter WHERE name = 'pages'")).isEqualTo(pages);
    assertThat(scraper.number("SELECT n FROM counter WHERE name = 'failures'")).isEqualTo(failures);
    assertThat(scraper.number("SELECT sum(seen) FROM pattern")).isEqualTo(pages);
    assertThat(scraper.number("SELECT sum(failures) FROM penalty")).isEqualTo(failures);
    assertThat(scraper.number("SELECT count(DISTINCT host) FROM page")).isEqualTo(HOSTS);
  }
}
