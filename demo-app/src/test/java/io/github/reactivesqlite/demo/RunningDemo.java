package io.github.reactivesqlite.demo;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.spring.boot.SqliteConfigCustomizer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real application on a free port, and a client for it. */
public final class RunningDemo implements AutoCloseable {

  public static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration PACE = Duration.ofMillis(20);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext context;

  private RunningDemo(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts it without a first scan, so that a test decides when there is one. */
  public static RunningDemo start(Path folder, Path database, String... more) {
    return start(config -> {}, folder, database, more);
  }

  public static RunningDemo start(
      Consumer<SqliteConfigBuilder> customizer, Path folder, Path database, String... more) {
    SpringApplication application = new SpringApplication(DemoApplication.class);
    application.setRegisterShutdownHook(false);
    application.addInitializers(
        context ->
            ((GenericApplicationContext) context)
                .registerBean(
                    "testSettings",
                    SqliteConfigCustomizer.class,
                    () -> (name, config) -> customizer.accept(config)));
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add(0, "--library.scan-on-start=false");
    if (arguments.stream().noneMatch(argument -> argument.startsWith("--server.port="))) {
      arguments.add("--server.port=0");
    }
    arguments.add("--library.folder=" + folder);
    arguments.add("--library.database=" + database);
    return new RunningDemo(application.run(arguments.toArray(new String[0])));
  }

  public SqliteDatabase database() {
    return context.getBean(SqliteDatabase.class);
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public String base() {
    return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base() + path)).timeout(LONG);
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    return sendAsync(request).orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
  }

  public CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  public HttpResponse<String> get(String path) {
    return send(request(path));
  }

  public HttpResponse<String> post(String path, String json) {
    return send(postRequest(path, json));
  }

  public HttpRequest.Builder postRequest(String path, String json) {
    BodyPublisher body = BodyPublishers.ofString(json);
    return request(path).header("Content-Type", "application/json").POST(body);
  }

  public JsonNode json(String path) {
    return parse(get(path));
  }

  public static JsonNode parse(HttpResponse<String> response) {
    if (response.statusCode() >= 300) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  public static JsonNode parse(String json) {
    return JSON.readTree(json);
  }

  /** Scans everything, and waits until it is done. */
  public JsonNode scan() {
    return scan("{}");
  }

  public JsonNode scan(String request) {
    parse(post("/api/library/scan", request));
    return progressUntil(report -> !runs(report));
  }

  public JsonNode progressUntil(Predicate<JsonNode> reached) {
    return Flux.interval(Duration.ZERO, PACE)
        .onBackpressureDrop()
        .concatMap(tick -> Mono.fromFuture(() -> sendAsync(request("/api/library/scan")), true), 1)
        .map(RunningDemo::parse)
        .filter(reached)
        .blockFirst(LONG);
  }

  /** What the dashboard is told next of what it shows in words. */
  public JsonNode status() {
    return statusUntil(status -> true);
  }

  public JsonNode statusUntil(Predicate<JsonNode> reached) {
    return events("/api/dashboard/events", "status").filter(reached).blockFirst(LONG);
  }

  /** The data of server-sent events of one name. */
  public Flux<JsonNode> events(String path, String name) {
    return WebClient.create(base())
        .get()
        .uri(path)
        .retrieve()
        .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
        .filter(event -> name.equals(event.event()))
        .map(event -> parse(String.valueOf(event.data())));
  }

  private static boolean runs(JsonNode report) {
    String state = report.get("state").asString();
    return state.equals("LISTING") || state.equals("INDEXING");
  }

  /** Holds the writer until the answer is closed. */
  public Held holdWriter() {
    CountDownLatch begun = new CountDownLatch(1);
    Sinks.Empty<Void> release = Sinks.empty();
    CompletableFuture<Void> end =
        database()
            .with(OperationOptions.labelled("hold").transactionTimeout(LONG))
            .withTransaction(
                transaction -> {
                  begun.countDown();
                  return release.asMono();
                })
            .toFuture();
    try {
      if (!begun.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("The transaction did not begin");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return () -> {
      release.tryEmitEmpty();
      end.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    };
  }

  /** What is held. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  public void close() {
    context.close();
  }
}
