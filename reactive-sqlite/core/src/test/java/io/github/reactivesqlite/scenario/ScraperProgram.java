package io.github.reactivesqlite.scenario;

import io.github.reactivesqlite.DatabaseStats;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One of five copies of the scraper that run side by side on one file. */
final class ScraperProgram {

  private ScraperProgram() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (ScraperDatabase scraper = new ScraperDatabase(Path.of(arguments[0]))) {
      scraper.createTables();
      System.out.println("ready");
      commands.readLine();
      long begun = System.nanoTime();
      scraper.scrape(arguments[1]).block(ScraperDatabase.SOON);
      long took = (System.nanoTime() - begun) / 1_000_000;
      DatabaseStats.LockStats lock = scraper.database().stats().lock();
      System.out.println(
          "saved in "
              + took
              + " ms, "
              + lock.retries()
              + " retries, greatest wait "
              + lock.maxWait().toMillis()
              + " ms, failures "
              + lock.failures());
    }
  }
}
