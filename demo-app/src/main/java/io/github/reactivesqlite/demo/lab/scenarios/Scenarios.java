package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.LabChild.Role;
import io.github.reactivesqlite.demo.lab.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All scenarios, and what their other processes do. */
public final class Scenarios {

  private static final List<Scenario> ALL =
      List.of(
          new Topics(), new Transcripts(), new TwoProcesses(), new Scraper(), new LibraryScan());

  private static final Map<String, Role> ROLES =
      Map.of(
          Transcripts.ROLE_BEFORE, TranscriptsOnJdbc::child,
          Transcripts.ROLE_AFTER, TranscriptsOnLibrary::child,
          TwoProcesses.ROLE_BEFORE, TwoProcessesOnJdbc::child,
          TwoProcesses.ROLE_AFTER, TwoProcessesOnLibrary::child,
          Scraper.ROLE_BEFORE, ScraperChild::before,
          Scraper.ROLE_AFTER, ScraperChild::after);

  /**
   * All of them.
   *
   * @return in the order of the documentation
   */
  public static List<Scenario> all() {
    return ALL;
  }

  /**
   * One of them.
   *
   * @param name its name
   * @return empty if there is none
   */
  public static Optional<Scenario> named(String name) {
    return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }

  /**
   * What child processes do.
   *
   * @return by name
   */
  public static Map<String, Role> roles() {
    return ROLES;
  }

  private Scenarios() {}
}
