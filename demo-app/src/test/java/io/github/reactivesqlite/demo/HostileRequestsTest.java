package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a browser is told, and what somebody sees who sends what no page of ours sends. */
class HostileRequestsTest {

  private static final String SECRET = "Zq7secretXvalue";

  @TempDir static Path top;
  private static RunningDemo demo;

  @BeforeAll
  static void start() throws IOException {
    Path folder = Files.createDirectories(top.resolve("library"));
    Files.writeString(folder.resolve("a.txt"), "alpha");
    demo = RunningDemo.start(folder, top.resolve("data").resolve("library.db"));
    demo.scan();
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/app.js",
        "/style.css",
        "/icon.svg",
        "/api/documents",
        "/api/documents.ndjson",
        "/api/documents/1",
        "/api/documents/x",
        "/api/search?q=alpha",
        "/api/library/scan",
        "/api/library/folders",
        "/api/health/db-metrics",
        "/actuator/health",
        "/actuator/prometheus",
        "/dashboard.html",
        "/api/nothing",
        "/nothing.js"
      })
  void everyAnswerTellsTheBrowserWhatItMayDo(String path) {
    HttpHeaders headers =
        demo.send(demo.request(path).header("Origin", "https://attacker.example")).headers();

    assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
        .doesNotContain("unsafe", "*");
    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
    assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).hasValue("same-origin");
    assertThat(headers.firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
    assertThat(headers.firstValue("Cache-Control"))
        .hasValue(path.matches("/(api|actuator)/.*") ? "no-store" : "no-cache");
    assertThat(headers.map())
        .doesNotContainKeys("access-control-allow-origin", "set-cookie", "server", "x-powered-by");
  }

  @Test
  void foreignPageGetsNoPermissionToPost() {
    HttpResponse<String> answer =
        demo.send(
            demo.request("/api/notes")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://attacker.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type"));

    assertThat(answer.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control-"));
  }

  /** All of 127.0.0.0/8 leads here; an open server would answer under 127.0.0.2 too. */
  @Test
  void serverListensOnTheLoopbackAddressOnly() throws IOException {
    int port = URI.create(demo.base()).getPort();
    try (Socket own = new Socket()) {
      own.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    }
    assertThatThrownBy(
            () -> {
              try (Socket other = new Socket()) {
                other.connect(new InetSocketAddress("127.0.0.2", port), 5_000);
              }
            })
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"documentId\": 99999999999999999999, \"text\": \"t\"}",
        "{\"documentId\": 1e400, \"text\": \"t\"}",
        "{\"documentId\": {\"@class\": \"java.net.URL\"}, \"text\": \"t\"}",
        "{\"documentId\": 1, \"text\": [\"t\"]}",
        "{\"documentId\": 1, \"text\": \"t\"",
        "\u0000",
        "<note/>"
      })
  void oddJsonIsRefusedWithoutAWordOfIt(String json) {
    assertSaysNothing(demo.post("/api/notes", json), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"text\":"})
  void deepJsonIsRefused(String opening) {
    assertSaysNothing(demo.post("/api/notes", opening.repeat(32_000 / opening.length())), 400);
  }

  @Test
  void longLinesAndHeadersAreCutOffByTheServer() throws IOException {
    String longPath = "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String longHeader =
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(50_000) + "\r\n\r\n";
    String noRequest = "\u0016\u0003\u0001hello\r\n\r\n";
    for (String request : new String[] {longPath, longHeader, noRequest}) {
      assertThat(raw(request))
          .matches("(?s)(HTTP/1\\.[01] 4.*)?")
          .doesNotContain("Exception", "xxxx");
    }
    assertThat(demo.get("/api/documents").statusCode()).isEqualTo(200);
  }

  /** The CVE that netty 4.2.18 fixes: what is not exactly "chunked" must not be taken for it. */
  @Test
  void requestIsNotSmuggledBehindAnother() throws IOException {
    String smuggled = "GET /api/documents HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String answer =
        raw(
            "POST /api/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked, xchunked\r\n\r\n0\r\n\r\n"
                + smuggled);

    assertThat(answer).doesNotContain("\"documents\"").doesNotContain("HTTP/1.1 200");
  }

  @Test
  void boundValueIsShownToNobodyWhoDidNotSendIt() {
    String body = "{\"documentId\": 4711, \"text\": \"" + SECRET + "\"}";

    assertSaysNothing(demo.post("/api/notes", body), 409);
    assertSaysNothing(demo.get("/api/documents?page=" + SECRET), 400);
    assertSaysNothing(demo.get("/api/" + SECRET), 404);
    assertSaysNothing(demo.post("/api/library/scan", "{\"folder\": \"" + SECRET + "\"}"), 400);
  }

  /** The answer, as far as it came: the server may hang up on what it does not want to read. */
  private static String raw(String request) throws IOException {
    URI base = URI.create(demo.base());
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(60_000);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        socket.getInputStream().transferTo(answer);
      } catch (SocketException e) {
        // It did
      }
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static void assertSaysNothing(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode body = RunningDemo.parse(response.body());
    assertThat(body.get("detail").asString()).isNotBlank();
    assertThat(response.body().toLowerCase(Locale.ROOT))
        .doesNotContain("/", "sqlite", "select", "insert", "exception", "java")
        .doesNotContain(SECRET.toLowerCase(Locale.ROOT));
  }
}
