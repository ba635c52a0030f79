package io.github.reactivesqlite.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.DatabaseBusyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The actuator over HTTP, as an application with everything on its class path has it. */
class ActuatorWebTest {

  private static final Duration WAIT = Duration.ofSeconds(30);

  @TempDir private Path dir;
  private ConfigurableApplicationContext application;
  private WebClient client;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  private record Answer(int status, String body) {}

  private void start(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--server.port=0");
    arguments.add("--server.address=127.0.0.1");
    arguments.add("--spring.reactor.netty.shutdown-quiet-period=0s");
    arguments.add("--reactive-sqlite.file=" + dir.resolve("main.db"));
    arguments.add("--management.endpoints.web.exposure.include=health,sqlite,metrics");
    arguments.add("--management.endpoint.health.show-details=always");
    // A disk that is nearly full is no business of this test
    arguments.add("--management.health.diskspace.enabled=false");
    SpringApplication starting = new SpringApplication(Application.class);
    starting.setRegisterShutdownHook(false);
    application = starting.run(arguments.toArray(String[]::new));
    client =
        WebClient.create(
            "http://127.0.0.1:"
                + application.getEnvironment().getProperty("local.server.port")
                + "/actuator");
  }

  @AfterEach
  void stop() {
    application.close();
  }

  private Answer call(HttpMethod method, String path) {
    return client
        .method(method)
        .uri(path)
        .exchangeToMono(
            response ->
                response
                    .bodyToMono(String.class)
                    .defaultIfEmpty("")
                    .map(body -> new Answer(response.statusCode().value(), body)))
        .block(WAIT);
  }

  @Test
  void showsHealthFiguresAndMeters() {
    start();

    Answer health = call(HttpMethod.GET, "/health");
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.body()).contains("\"sqlite\":{").contains("\"lock_attempts\":");
    Answer all = call(HttpMethod.GET, "/sqlite");
    assertThat(all.status()).isEqualTo(200);
    assertThat(all.body()).startsWith("{\"databases\":{\"main\":{\"lock_attempts\":");
    assertThat(call(HttpMethod.GET, "/sqlite/main").body()).contains("\"journal_mode\":\"wal\"");
    assertThat(call(HttpMethod.GET, "/sqlite/other").status()).isEqualTo(404);
    assertThat(call(HttpMethod.GET, "/metrics/sqlite.wal.bytes").status()).isEqualTo(200);
  }

  /** Null values are what mappers of the actuator and of applications treat differently. */
  @Test
  void figuresAreThoseThatTheDocumentationShows() throws Exception {
    start("--reactive-sqlite.lock-timeout=50ms");
    JsonNode shown = documented();

    JsonNode sent = figures();

    assertThat(sent.propertyNames()).containsExactlyElementsOf(shown.propertyNames());
    shown
        .properties()
        .forEach(
            figure ->
                assertThat(sent.get(figure.getKey()).getNodeType())
                    .as(figure.getKey())
                    .isEqualTo(figure.getValue().getNodeType()));
    assertThat(call(HttpMethod.GET, "/health").body()).contains("\"last_event\":null");

    meetALock();

    assertThat(Instant.parse(figures().get("last_event").asString()))
        .isBetween(Instant.now().minus(WAIT), Instant.now());
    assertThat(call(HttpMethod.GET, "/health").body())
        .contains("\"last_event\":\"" + figures().get("last_event").asString());
  }

  private JsonNode figures() {
    Answer answer = call(HttpMethod.GET, "/sqlite/main");
    return JsonMapper.shared().readTree(answer.body()).get("figures");
  }

  private static JsonNode documented() throws IOException {
    String page = Files.readString(Path.of("../../docs/spring-boot.md"));
    int begin = page.indexOf("```json") + "```json".length();
    return JsonMapper.shared().readTree(page.substring(begin, page.indexOf("```", begin)));
  }

  private void meetALock() throws SQLException {
    ReactiveDatabase db = application.getBean(ReactiveDatabase.class);
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("main.db"));
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThat(catchThrowable(() -> db.script("CREATE TABLE t (x)").block(WAIT)))
          .isInstanceOf(DatabaseBusyException.class);
    }
  }

  @Test
  void isReadOnlyByDefault() {
    start();

    assertThat(call(HttpMethod.POST, "/sqlite/main/optimize").status()).isIn(404, 405);
  }

  @Test
  void doesMaintenanceWhereThatIsAllowed() {
    start("--management.endpoint.sqlite.access=unrestricted");

    Answer checkpoint = call(HttpMethod.POST, "/sqlite/main/truncate");
    assertThat(checkpoint.status()).isEqualTo(200);
    assertThat(checkpoint.body()).contains("\"result\":{");
    assertThat(call(HttpMethod.POST, "/sqlite/main/drop").status()).isEqualTo(400);
  }

  @Test
  void metersOfOperationsAreInTheRegistry() {
    start();

    call(HttpMethod.GET, "/health");

    Answer timer = call(HttpMethod.GET, "/metrics/db.client.operation.duration");
    assertThat(timer.status()).isEqualTo(200);
    assertThat(timer.body()).contains("\"health\"");
  }
}
