package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A process dies while it lists the folder of a scan; another one is there and stays. */
@Tag("process")
@Timeout(value = 5, unit = TimeUnit.MINUTES) // Up to twenty scans
class KilledWhileListingTest {

  private static final int FILES = 1_000;
  private static final int MOST_TRIES = 20;
  private static final String SHORT_LEASE = "--reactive-sqlite.jobs.lease=1s";

  private static final String SCANS = "SELECT count(*) FROM scan";
  private static final String NOT_LISTED = "SELECT count(*) FROM scan WHERE listed_at IS NULL";

  /** While the process lists and has not said that it is done. */
  private static final String LISTED_BY =
      "SELECT count(*) FROM jobs_job WHERE type = 'list-folder' AND state = 'running'"
          + " AND worker LIKE '%d-%%'";

  @TempDir Path folder;
  @TempDir Path data;

  /**
   * The lock that the test holds keeps the listing from its end.
   *
   * <pre>
   * second  scan: row and job │ job claimed, folder listed …   SIGKILL
   * test                                        BEGIN IMMEDIATE        ROLLBACK
   * demo                                                                       lease over │ lists │ DONE
   * </pre>
   */
  @Test
  void livingProcessGoesOnWithTheScan() throws Exception {
    writeFiles(0);
    Path database = data.resolve("library.db");
    try (RunningDemo demo = RunningDemo.start(folder, database, SHORT_LEASE);
        SecondDemo second = SecondDemo.start(folder, database, SHORT_LEASE);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 20000");
      int files = FILES * lockWhileListing(statement, second, demo);
      second.kill();
      statement.execute("ROLLBACK");

      assertThat(demo.post("/api/library/scan", "{}").statusCode()).isEqualTo(409);
      JsonNode done = demo.progressUntil(report -> report.get("state").asString().equals("DONE"));
      assertThat(done.get("files").asInt()).isEqualTo(files);
      assertThat(done.get("documents").asInt() + done.get("unchanged").asInt()).isEqualTo(files);
      assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(files);
      assertThat(demo.scan().get("unchanged").asInt()).isEqualTo(files);
    }
  }

  /**
   * Which of the two lists is a matter of chance: again, with more files, until it is the second.
   *
   * @return how many scans it took
   */
  private int lockWhileListing(Statement statement, SecondDemo second, RunningDemo demo)
      throws Exception {
    String lists = LISTED_BY.formatted(second.pid());
    for (int scans = 1; scans <= MOST_TRIES; scans++) {
      if (scans > 1) {
        // The first begins by itself
        demo.progressUntil(report -> report.get("state").asString().equals("DONE"));
        writeFiles(scans - 1);
        assertThat(
                demo.send(
                        HttpRequest.newBuilder(URI.create(second.address() + "/api/library/scan"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{}")))
                    .statusCode())
            .isEqualTo(202);
      }
      long deadline = System.nanoTime() + RunningDemo.LONG.toNanos();
      while (number(statement, SCANS) < scans && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(1_000_000);
      }
      while (number(statement, NOT_LISTED) > 0) {
        assertThat(System.nanoTime() - deadline).as("time that a listing takes").isNegative();
        if (number(statement, lists) == 1) {
          statement.execute("BEGIN IMMEDIATE");
          if (number(statement, lists) == 1) {
            return scans;
          }
          statement.execute("ROLLBACK");
        }
        LockSupport.parkNanos(1_000_000);
      }
    }
    throw new AssertionError("The second process did not list in " + MOST_TRIES + " scans");
  }

  private void writeFiles(int batch) throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.writeString(folder.resolve(batch + "-" + i + ".txt"), "Otter " + i);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
