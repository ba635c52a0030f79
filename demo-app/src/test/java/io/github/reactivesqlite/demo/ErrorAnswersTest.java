package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.RunningDemo.Held;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

class ErrorAnswersTest {

  @TempDir static Path top;
  private static RunningDemo demo;

  @BeforeAll
  static void start() throws IOException {
    Path folder = Files.createDirectories(top.resolve("library"));
    Path outside = Files.createDirectories(top.resolve("secret"));
    Files.writeString(folder.resolve("a.txt"), "alpha");
    Files.writeString(outside.resolve("b.txt"), "beta");
    Files.createSymbolicLink(folder.resolve("link"), outside);
    Files.createSymbolicLink(folder.resolve("link.txt"), outside.resolve("b.txt"));
    demo =
        RunningDemo.start(
            config -> config.interactiveQueueCapacity(2).reservedQueuePercent(0),
            folder,
            top.resolve("library.db"));
    demo.scan();
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/documents?page=-1, 400",
    "/api/documents?page=x, 400",
    "/api/documents?page=99999999999, 400",
    "/api/documents?page=1000001, 400",
    "/api/documents?size=0, 400",
    "/api/documents?size=201, 400",
    "/api/documents/1?from=-1, 400",
    "/api/documents/1?count=501, 400",
    "/api/documents/abc, 400",
    "/api/documents/99, 404",
    "/api/documents/1/more, 404",
    "/api/search, 400",
    "/api/search?q=, 400",
    "/api/search?q=%20%22%20*, 400",
    "/api/search?q=a&limit=101, 400",
    "/api/search?q=a%00b, 400",
    "/api/library/events?page=-1, 400",
    "/api/library/events?q=%20%22, 400",
    "/api/library/events?document=x, 400",
    "/api/nothing, 404",
    "/nothing.js, 404",
    "/..%2f..%2fetc%2fpasswd, 404",
    "/actuator, 404",
    "/actuator/env, 404",
    "/actuator/beans, 404",
    "/actuator/shutdown, 404",
    "/actuator/heapdump, 404"
  })
  void badQuestionIsAnsweredWithItsStatus(String path, int status) {
    assertProblem(demo.get(path), status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\" OR 1=1 --",
        "\"'; DROP TABLE document; --",
        "a NEAR(b c) NOT d",
        "text:alpha",
        "^alpha*",
        "(((alpha",
        "alpha\"\"\"",
        "{alpha} : +",
        "ﬁ \uD83D\uDE00 alpha"
      })
  void whateverIsTypedIsSearchedForAsText(String typed) {
    String query = URLEncoder.encode(typed, StandardCharsets.UTF_8);

    assertThat(demo.get("/api/search?q=" + query).statusCode()).isEqualTo(200);
    assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"documentId\": \"x\", \"text\": \"t\"}",
        "{\"documentId\": 1}",
        "{\"text\": \"t\"}",
        "{\"documentId\": 1, \"text\": \"  \"}",
        "{\"documentId\": 1, \"text\": \"\\u0000\"}",
        "{\"documentId\": 1, \"text\": \"\\uD800\"}"
      })
  void badNoteIsRefused(String body) {
    assertProblem(demo.post("/api/notes", body), 400);
  }

  @Test
  void noteOnNothingIsAConflict() {
    assertProblem(demo.post("/api/notes", "{\"documentId\": 99, \"text\": \"t\"}"), 409);
  }

  @Test
  void longNoteIsRefusedAndALargeBodyIsNotRead() {
    String long4k = "{\"documentId\": 1, \"text\": \"" + "x".repeat(4_001) + "\"}";
    String large = "{\"documentId\": 1, \"text\": \"" + "x".repeat(100_000) + "\"}";

    assertProblem(demo.post("/api/notes", long4k), 400);
    assertProblem(demo.post("/api/notes", large), 413);
    HttpRequest.Builder chunked =
        demo.request("/api/notes")
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))));
    assertProblem(demo.send(chunked), 413);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../secret",
        "sub/../..",
        "link",
        "a.txt",
        "missing",
        "link/../../secret",
        "a\\u0000b"
      })
  void folderElsewhereIsRefused(String name) {
    assertProblem(demo.post("/api/library/scan", "{\"folder\": \"" + name + "\"}"), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../secret", "link", "a.txt", "missing", "/etc", "a%00b"})
  void foldersElsewhereAreNotListed(String name) {
    assertProblem(demo.get("/api/library/folders?folder=" + name), 400);
  }

  @Test
  void absoluteFolderIsRefusedEvenIfItLiesInside() {
    String inside = top.resolve("library").toString();
    assertProblem(demo.post("/api/library/scan", "{\"folder\": \"" + inside + "\"}"), 400);
    assertProblem(demo.post("/api/library/scan", "{\"folder\": \"/etc\"}"), 400);
  }

  @Test
  void linksAreNotFollowed() {
    JsonNode found = demo.json("/api/search?q=beta");

    assertThat(found.get("hits")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "bogus"})
  void postOfAForeignPageIsRefused(String type) {
    for (String path :
        List.of(
            "/api/library/scan",
            "/api/library/scan/pause",
            "/api/library/scan/resume",
            "/api/library/scan/retry",
            "/api/notes")) {
      HttpRequest.Builder request =
          demo.request(path).header("Content-Type", type).POST(BodyPublishers.ofString("{}"));
      assertProblem(demo.send(request), 415);
    }
    assertProblem(demo.send(demo.request("/api/library/scan").POST(BodyPublishers.noBody())), 415);
  }

  @Test
  void wrongMethodAndFormatAreRefused() {
    HttpResponse<String> method = demo.post("/api/documents", "{}");

    assertProblem(method, 405);
    assertThat(method.headers().firstValue("Allow").orElse("")).contains("GET");
    assertProblem(
        demo.send(demo.request("/api/documents.ndjson").header("Accept", "text/csv")), 406);
  }

  @Test
  void fullQueueIsAnsweredWithRetryAfter() {
    List<CompletableFuture<HttpResponse<String>>> answers;
    try (Held writer = demo.holdWriter()) {
      answers =
          IntStream.range(0, 5)
              .mapToObj(i -> "{\"documentId\": 1, \"text\": \"note " + i + "\"}")
              .map(json -> demo.sendAsync(demo.postRequest("/api/notes", json)))
              .toList();
      List<HttpResponse<String>> refused =
          Flux.fromIterable(answers)
              .flatMap(answer -> Mono.fromFuture(answer, true))
              .take(3)
              .collectList()
              .block(RunningDemo.LONG);
      for (HttpResponse<String> answer : refused) {
        assertProblem(answer, 503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
      }
    }

    List<Integer> statuses =
        answers.stream()
            .map(answer -> answer.orTimeout(60, TimeUnit.SECONDS).join().statusCode())
            .sorted()
            .toList();

    // The workers' own looks for jobs may have had one or both of the two places
    assertThat(statuses).containsOnly(201, 503).filteredOn(s -> s == 503).hasSizeBetween(3, 5);
  }

  private static void assertProblem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    JsonNode body = RunningDemo.parse(response.body());
    assertThat(body.get("status").asInt()).isEqualTo(status);
    assertThat(body.get("title").asString()).isNotBlank();
    assertThat(body.get("detail").asString()).isNotBlank();
    assertThat(response.body().toLowerCase(Locale.ROOT))
        .doesNotContain("/", "sqlite", "select", "insert", "exception", "java", top.toString());
  }
}
