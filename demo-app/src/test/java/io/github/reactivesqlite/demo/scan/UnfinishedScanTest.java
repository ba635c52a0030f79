package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.demo.RunningDemo;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.jobs.Jobs;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Whatever happens to a scan while its folder is listed, it ends, and the next one can begin. */
class UnfinishedScanTest {

  private static final int FILES = 30;
  private static final Predicate<JsonNode> DONE = in("DONE");
  private static final Predicate<JsonNode> FAILED = in("FAILED");

  @TempDir Path folder;
  @TempDir Path data;
  private RunningDemo demo;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.writeString(folder.resolve(i + ".txt"), "Otter " + i);
    }
    demo = RunningDemo.start(folder, data.resolve("library.db"));
  }

  @AfterEach
  void stop() {
    demo.close();
  }

  @Test
  void scanOfUnknownOutcomeGoesOn() {
    LibraryScanner scanner = scannerOn(forgetful(demo.bean(ReactiveDatabase.class)));

    assertThatThrownBy(() -> scanner.start(folder).block(RunningDemo.LONG))
        .isInstanceOf(CommitOutcomeUnknownException.class);

    assertThat(demo.progressUntil(DONE).get("documents").asInt()).isEqualTo(FILES);
    assertThat(demo.scan().get("unchanged").asInt()).isEqualTo(FILES);
  }

  @Test
  void scanWhoseStarterLeavesBeforeItBeginsIsNone() {
    try (RunningDemo.Held held = demo.holdWriter()) {
      Disposable request = demo.bean(LibraryScanner.class).start(folder).subscribe();
      request.dispose();
    }

    assertThat(demo.scan().get("documents").asInt()).isEqualTo(FILES);
    assertThat(number("SELECT count(*) FROM scan")).isEqualTo(1);
  }

  /** A stop hands the job back; so does a lease that has run out. */
  @Test
  void scanThatWasNotListedGoesOnAfterARestart() {
    holdListings();
    RunningDemo.parse(demo.post("/api/library/scan", "{}"));
    assertThat(demo.json("/api/library/scan").get("state").asString()).isEqualTo("LISTING");
    demo.close();

    demo = RunningDemo.start(folder, data.resolve("library.db"));
    assertThat(demo.json("/api/library/scan").get("state").asString()).isEqualTo("LISTING");
    assertThat(demo.post("/api/library/scan", "{}").statusCode()).isEqualTo(409);
    releaseListings();

    assertThat(demo.progressUntil(DONE).get("documents").asInt()).isEqualTo(FILES);
  }

  @Test
  void listingThatWasLostForTheLastTimeIsShownAndCanBeTriedAgain() {
    holdListings();
    RunningDemo.parse(demo.post("/api/library/scan", "{}"));
    // As whoever watches leases leaves it
    change(
        "UPDATE jobs_job SET state = 'discarded', attempt = 3, finished_at = 1,"
            + " error = 'The worker of attempt 3 showed no sign of life for 30000 ms'"
            + " WHERE type = 'list-folder'");

    JsonNode failed = demo.progressUntil(FAILED.and(report -> !report.get("problems").isEmpty()));
    JsonNode problem = failed.get("problems").get(0);
    assertThat(problem.get("path").asString()).isEqualTo(".");
    assertThat(problem.get("reason").asString()).contains("no sign of life");
    assertThat(problem.get("again").asBoolean()).isFalse();
    untilFinished();

    releaseListings();
    RunningDemo.parse(demo.post("/api/library/scan/retry", "{}"));
    assertThat(demo.progressUntil(DONE).get("documents").asInt()).isEqualTo(FILES);
  }

  @Test
  void folderThatIsGoneIsSaidAndTheNextScanRuns() throws IOException {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    holdListings();
    RunningDemo.parse(demo.post("/api/library/scan", "{\"folder\": \"sub\"}"));
    Files.delete(sub);
    releaseListings();

    JsonNode failed = demo.progressUntil(FAILED.and(report -> !report.get("problems").isEmpty()));
    assertThat(failed.get("problems").get(0).get("path").asString()).isEqualTo("sub");
    assertThat(failed.get("problems").get(0).get("reason").asString())
        .isEqualTo("The library has no such folder.");
    JsonNode next = demo.scan();
    assertThat(next.get("documents").asInt()).isEqualTo(FILES);
    assertThat(next.get("problems")).isEmpty();
  }

  /** What not even root can read: a folder that is a link to itself. */
  @Test
  void folderThatCannotBeReadIsTriedThreeTimes() throws IOException {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Files.writeString(sub.resolve("a.txt"), "Badger");
    holdListings();
    RunningDemo.parse(demo.post("/api/library/scan", "{\"folder\": \"sub\"}"));
    Files.move(sub, data.resolve("sub"));
    Files.createSymbolicLink(sub, sub);
    releaseListings();

    JsonNode failed = demo.progressUntil(FAILED.and(report -> !report.get("problems").isEmpty()));
    JsonNode problem = failed.get("problems").get(0);
    assertThat(problem.get("path").asString()).isEqualTo("sub");
    assertThat(problem.get("reason").asString()).isEqualTo("The folder could not be read.");
    assertThat(problem.get("attempts").asInt()).isEqualTo(3);
    assertThat(problem.get("again").asBoolean()).isFalse();
    untilFinished();
    assertThat(demo.post("/api/library/scan", "{\"folder\": \"sub\"}").body())
        .as("whoever asks for it is not told why")
        .contains("The library has no such folder.");

    Files.delete(sub);
    Files.move(data.resolve("sub"), sub);
    RunningDemo.parse(demo.post("/api/library/scan/retry", "{}"));
    assertThat(demo.progressUntil(DONE).get("documents").asInt()).isEqualTo(1);
  }

  @Test
  void listingThatWasGivenUpIsShownWhileFilesAreLeft() {
    RunningDemo.parse(demo.post("/api/library/scan/pause", "{}"));
    RunningDemo.parse(demo.post("/api/library/scan", "{}"));
    demo.progressUntil(report -> report.get("waiting").asInt() == FILES);
    // As if it had failed after the last of them, and the attempts before it, too
    change("UPDATE scan SET listed_at = NULL");
    change(
        "UPDATE jobs_job SET state = 'discarded', attempt = 3, finished_at = 1,"
            + " error = 'The folder could not be read.' WHERE type = 'list-folder'");

    JsonNode report = demo.json("/api/library/scan");
    assertThat(report.get("state").asString()).isEqualTo("INDEXING");
    assertThat(report.get("problems")).hasSize(1);
    assertThat(report.get("problems").get(0).get("again").asBoolean()).isFalse();

    RunningDemo.parse(demo.post("/api/library/scan/retry", "{}"));
    RunningDemo.parse(demo.post("/api/library/scan/resume", "{}"));
    JsonNode done = demo.progressUntil(DONE);
    assertThat(done.get("documents").asInt()).isEqualTo(FILES);
    assertThat(done.get("problems")).isEmpty();
  }

  @Test
  void timeBetweenTheEndAndARetryIsNotTheScans() {
    holdListings();
    RunningDemo.parse(demo.post("/api/library/scan", "{}"));
    change(
        "UPDATE jobs_job SET state = 'discarded', attempt = 3, finished_at = 1"
            + " WHERE type = 'list-folder'");
    untilFinished();
    Instant now = Instant.now();
    demo.database()
        .update("UPDATE scan SET started_at = :start, finished_at = :end")
        .bind("start", now.minusSeconds(100_005))
        .bind("end", now.minusSeconds(100_000))
        .rowsUpdated()
        .block(RunningDemo.LONG);

    RunningDemo.parse(demo.post("/api/library/scan/retry", "{}"));
    assertThat(demo.json("/api/library/scan").get("seconds").asDouble()).isBetween(4.9, 10_000.0);
    RunningDemo.parse(demo.post("/api/library/scan/retry", "{}"));
    assertThat(demo.json("/api/library/scan").get("seconds").asDouble())
        .as("a retry of one that goes on")
        .isBetween(4.9, 10_000.0);

    releaseListings();
    JsonNode done = demo.progressUntil(DONE);
    assertThat(done.get("seconds").asDouble()).isBetween(4.9, 10_000.0);
    assertThat(done.get("rows").asInt()).isEqualTo(2 * FILES);
  }

  /** An earlier version kept the listing in memory, and could die meanwhile. */
  @Test
  void scanWithoutAListingHasFailed() {
    change("INSERT INTO scan (folder, started_at) VALUES ('.', '2026-01-01T00:00:00Z')");

    demo.progressUntil(FAILED);
    untilFinished();
    assertThat(demo.scan().get("documents").asInt()).isEqualTo(FILES);
  }

  /** Everything is done and nobody is told, as when a COMMIT does not come back in time. */
  private static ReactiveDatabase forgetful(ReactiveDatabase database) {
    return (ReactiveDatabase)
        Proxy.newProxyInstance(
            ReactiveDatabase.class.getClassLoader(),
            new Class<?>[] {ReactiveDatabase.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(database, arguments);
              return switch (method.getName()) {
                case "with" -> forgetful((ReactiveDatabase) answer);
                case "write" ->
                    ((Mono<?>) answer)
                        .then(
                            Mono.error(
                                new CommitOutcomeUnknownException(
                                    "The COMMIT did not come back in time", ErrorDetails.NONE)));
                default -> answer;
              };
            });
  }

  private LibraryScanner scannerOn(ReactiveDatabase database) {
    return new LibraryScanner(
        database,
        demo.bean(Jobs.class),
        demo.bean(ScanProgress.class),
        demo.bean(InFlight.class),
        demo.bean(LibraryFolder.class));
  }

  private void holdListings() {
    demo.bean(Jobs.class).queue(ScanJobs.LISTING_QUEUE).pause().block(RunningDemo.LONG);
  }

  private void releaseListings() {
    demo.bean(Jobs.class).queue(ScanJobs.LISTING_QUEUE).resume().block(RunningDemo.LONG);
  }

  private void untilFinished() {
    demo.progressUntil(
        report -> number("SELECT count(*) FROM scan WHERE finished_at IS NULL") == 0);
  }

  private long number(String sql) {
    return demo.database().query(sql).mapTo(Long.class).one().block(RunningDemo.LONG);
  }

  private void change(String sql) {
    demo.database().update(sql).rowsUpdated().block(RunningDemo.LONG);
  }

  private static Predicate<JsonNode> in(String state) {
    return report -> report.get("state").asString().equals(state);
  }
}
