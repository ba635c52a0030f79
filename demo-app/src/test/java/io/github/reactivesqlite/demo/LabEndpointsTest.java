package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The lab over HTTP: a run from its start to its downloads, and who sends what no page sends. */
@Tag("process")
class LabEndpointsTest {

  @TempDir static Path top;
  private static RunningDemo demo;

  @BeforeAll
  static void start() throws IOException {
    Path folder = Files.createDirectories(top.resolve("library"));
    demo = RunningDemo.start(folder, top.resolve("library.db"));
  }

  @AfterAll
  static void stop() {
    demo.close();
    assertThat(ProcessHandle.current().descendants()).as("processes left behind").isEmpty();
  }

  @AfterEach
  void nothingRuns() {
    JsonNode running = demo.json("/api/lab").get("running");
    if (!running.isNull()) {
      demo.post("/api/lab/runs/" + running.asLong() + "/cancel", "{}");
      events(running.asLong());
    }
  }

  private static long run(String json) {
    HttpResponse<String> answer = demo.post("/api/lab/runs", json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return RunningDemo.parse(answer.body()).get("id").asLong();
  }

  /** All of a run's events; the answer ends with the run. */
  private static String events(long id) {
    return demo.get("/api/lab/runs/" + id + "/events").body();
  }

  /** What the events of a run are called, without the heartbeats, which come when they come. */
  private static List<String> names(long id) {
    return events(id)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("event:") && !line.equals("event:alive"))
        .toList();
  }

  @Test
  void offersTheScenariosWithTheirOwnNumbers() {
    JsonNode lab = demo.json("/api/lab");

    assertThat(lab.get("scenarios").valueStream().map(one -> one.get("name").asString()))
        .containsExactly("topics", "transcripts", "two-processes", "scraper", "library-scan");
    JsonNode topics = lab.get("scenarios").get(0);
    assertThat(topics.get("workers").asInt()).isEqualTo(17);
    assertThat(topics.get("ladder").asBoolean()).isTrue();
    assertThat(lab.get("running").isNull()).isTrue();
  }

  @Test
  void runIsFollowedToItsEndAndDownloaded() {
    long id = run("{\"scenario\": \"topics\", \"seconds\": 1, \"workers\": 4}");

    HttpResponse<String> second = demo.post("/api/lab/runs", "{\"scenario\": \"scraper\"}");
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(demo.get("/api/lab/runs/" + id + "/table.csv").statusCode()).isEqualTo(404);
    assertThat(demo.json("/api/lab").get("running").asLong()).isEqualTo(id);

    List<String> names = names(id);
    assertThat(names.get(0)).isEqualTo("event:begun");
    assertThat(names).contains("event:tick");
    assertThat(names).filteredOn("event:step"::equals).hasSize(2);
    assertThat(names.get(names.size() - 1)).isEqualTo("event:finished");
    // Whoever comes later is told the same
    assertThat(names(id)).hasSize(names.size());
    assertThat(events(id)).startsWith("event:alive");

    JsonNode result = demo.json("/api/lab/runs/" + id);
    assertThat(result.get("table").get("steps").valueStream().map(JsonNode::asString))
        .containsExactly("before", "after");
    HttpResponse<String> csv = demo.get("/api/lab/runs/" + id + "/table.csv");
    assertThat(csv.headers().firstValue("Content-Type")).hasValue("text/csv;charset=UTF-8");
    assertThat(csv.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"topics.csv\"");
    assertThat(csv.body()).startsWith("scenario,figure,title,unit,before,after,");
    HttpResponse<String> svg = demo.get("/api/lab/runs/" + id + "/chart.svg");
    assertThat(svg.headers().firstValue("Content-Type")).hasValue("image/svg+xml;charset=UTF-8");
    assertThat(svg.body()).startsWith("<svg ").contains("4 workers, 1 s per side");
  }

  @Test
  void runWithProcessesCanBeStopped() throws Exception {
    long id = run("{\"scenario\": \"two-processes\", \"seconds\": 60}");
    CompletableFuture<HttpResponse<String>> events =
        demo.sendAsync(demo.request("/api/lab/runs/" + id + "/events"));

    assertThat(demo.post("/api/lab/runs/" + id + "/cancel", "{}").statusCode()).isEqualTo(202);

    assertThat(events.get(RunningDemo.LONG.toSeconds(), TimeUnit.SECONDS).body())
        .contains("event:ended")
        .contains("The run was stopped.")
        .doesNotContain("event:finished");
    assertThat(demo.get("/api/lab/runs/" + id).statusCode()).isEqualTo(404);
    assertThat(demo.post("/api/lab/runs/" + id + "/cancel", "{}").statusCode()).isEqualTo(202);
    assertThat(run("{\"scenario\": \"topics\", \"seconds\": 1, \"workers\": 1}")).isGreaterThan(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[]",
        "{\"scenario\": \"\"}",
        "{\"scenario\": \"nothing\"}",
        "{\"scenario\": \"../topics\"}",
        "{\"scenario\": \"child\"}",
        "{\"scenario\": {\"@class\": \"java.lang.Runtime\"}}",
        "{\"scenario\": \"topics\", \"seconds\": 0}",
        "{\"scenario\": \"topics\", \"seconds\": 61}",
        "{\"scenario\": \"topics\", \"seconds\": 1e99}",
        "{\"scenario\": \"topics\", \"workers\": -1}",
        "{\"scenario\": \"topics\", \"workers\": 65}",
        "{\"scenario\": \"topics\", \"workers\": \"many\"}",
        "{\"scenario\": \"topics\", \"ladder\": []}",
        "{\"scenario\": \"topics\""
      })
  void oddRequestsStartNothing(String json) {
    HttpResponse<String> answer = demo.post("/api/lab/runs", json);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).doesNotContain("@class", "nothing\"", "Exception", "java.");
    assertThat(demo.json("/api/lab").get("running").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/lab/runs/99, 404",
    "/api/lab/runs/-1, 404",
    "/api/lab/runs/x, 400",
    "/api/lab/runs/99/events, 404",
    "/api/lab/runs/99/table.csv, 404",
    "/api/lab/runs/99/chart.svg, 404",
    "/api/lab/runs/99999999999999999999/chart.svg, 400",
    "/api/lab/runs/..%2f..%2fetc/chart.svg, 400"
  })
  void whatIsNotThereIsSaidInOneSentence(String path, int status) {
    assertThat(demo.get(path).statusCode()).isEqualTo(status);
  }

  @Test
  void pageOfAnotherSiteCannotStartARun() {
    String json = "{\"scenario\": \"topics\"}";

    assertThat(
            demo.send(
                    demo.postRequest("/api/lab/runs", json).setHeader("Content-Type", "text/plain"))
                .statusCode())
        .isEqualTo(415);
    assertThat(demo.get("/api/lab/runs").statusCode()).isEqualTo(405);
    assertThat(demo.json("/api/lab").get("running").isNull()).isTrue();
  }
}
