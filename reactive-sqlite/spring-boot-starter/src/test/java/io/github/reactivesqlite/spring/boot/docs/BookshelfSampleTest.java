package io.github.reactivesqlite.spring.boot.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.w3c.dom.Document;
import reactor.core.Disposable;

/** docs/samples/bookshelf, run as an application behind a real server. */
class BookshelfSampleTest {

  private static final Duration WAIT = Duration.ofSeconds(30);

  @TempDir private Path dir;

  private final Sample sample = Sample.named("bookshelf");
  private URLClassLoader classes;
  private ConfigurableApplicationContext application;
  private WebClient client;

  @BeforeEach
  void start() throws Exception {
    classes = sample.compiledInto(Files.createDirectory(dir.resolve("classes")));
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(classes);
    try {
      SpringApplication starting =
          new SpringApplication(
              new DefaultResourceLoader(classes),
              classes.loadClass("com.example.bookshelf.Bookshelf"));
      starting.setRegisterShutdownHook(false);
      application =
          starting.run(
              "--server.port=0",
              "--server.address=127.0.0.1",
              // Nobody sends anything at the end
              "--spring.reactor.netty.shutdown-quiet-period=0s",
              // Long, so that whoever is waited for is told from a machine that is slow
              "--spring.lifecycle.timeout-per-shutdown-phase=2m",
              "--reactive-sqlite.file=" + dir.resolve("bookshelf.db"));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    String port = application.getEnvironment().getProperty("local.server.port");
    client = WebClient.create("http://127.0.0.1:" + port);
  }

  @AfterEach
  void stop() throws IOException {
    application.close();
    classes.close();
  }

  private String add(String title, int copies) {
    return client
        .post()
        .uri("/books")
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"title\": \"" + title + "\", \"copies\": " + copies + "}")
        .retrieve()
        .bodyToMono(String.class)
        .block(WAIT);
  }

  private void give(long from, long to) {
    client
        .post()
        .uri("/books/{from}/give/{to}", from, to)
        .retrieve()
        .toBodilessEntity()
        .block(WAIT);
  }

  private Disposable listen(BlockingQueue<String> events, Runnable onEnd) {
    return client
        .get()
        .uri("/books")
        .accept(MediaType.TEXT_EVENT_STREAM)
        .retrieve()
        .bodyToFlux(String.class)
        .doOnTerminate(onEnd)
        .subscribe(events::add, ended -> {});
  }

  /** The next event that says this; others before it are states in between. */
  private static String awaitEvent(BlockingQueue<String> events, String text)
      throws InterruptedException {
    String event = events.poll(30, TimeUnit.SECONDS);
    while (event != null && !event.contains(text)) {
      event = events.poll(30, TimeUnit.SECONDS);
    }
    assertThat(event).as("an event with " + text).isNotNull();
    return event;
  }

  @Test
  void addsShowsAndGivesBooks() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    Disposable browser = listen(events, () -> {});
    try {
      assertThat(awaitEvent(events, "[]")).isEqualTo("[]");

      assertThat(add("Emma", 2)).isEqualTo("{\"id\":1,\"title\":\"Emma\",\"copies\":2}");
      add("Persuasion", 0);
      awaitEvent(events, "\"Persuasion\",\"copies\":0");

      give(1, 2);
      assertThat(awaitEvent(events, "\"Persuasion\",\"copies\":1"))
          .contains("\"Emma\",\"copies\":1");
    } finally {
      browser.dispose();
    }
  }

  @Test
  void whatFailsHalfWayChangesNothing() throws Exception {
    add("Emma", 0);
    add("Persuasion", 0);

    // The second statement meets the CHECK, after the first has added a copy
    assertThat(catchThrowable(() -> give(1, 2)))
        .isInstanceOf(WebClientResponseException.Conflict.class);
    // The first adds a copy, the second finds no book to take it from
    assertThat(catchThrowable(() -> give(3, 2)))
        .isInstanceOf(WebClientResponseException.NotFound.class);
    assertThat(catchThrowable(() -> give(1, 3)))
        .isInstanceOf(WebClientResponseException.NotFound.class);

    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    Disposable browser = listen(events, () -> {});
    assertThat(awaitEvent(events, "Emma")).contains("\"Persuasion\",\"copies\":0");
    browser.dispose();
  }

  @Test
  void titleThatIsThereAlreadyIsAConflict() {
    add("Emma", 2);

    assertThat(catchThrowable(() -> add("Emma", 5)))
        .isInstanceOfSatisfying(
            WebClientResponseException.Conflict.class,
            conflict ->
                assertThat(conflict.getResponseBodyAsString())
                    .contains("\"status\":409")
                    .doesNotContain("book.title", "INSERT"));
    assertThat(catchThrowable(() -> add("Persuasion", -1)))
        .isInstanceOf(WebClientResponseException.Conflict.class);
    assertThat(add("Persuasion", 1)).contains("\"id\":2");
  }

  /** A stream that never ends would hold up a graceful shutdown for its whole timeout. */
  @Test
  void streamsEndWhenTheApplicationStops() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    CountDownLatch ended = new CountDownLatch(1);
    listen(events, ended::countDown);
    awaitEvent(events, "[]");

    long begun = System.nanoTime();
    application.close();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(dir.resolve("bookshelf.db-wal")).doesNotExist();
  }

  @Test
  void itHasLessThanSixtyLinesOfJava() throws IOException {
    long lines = 0;
    for (Path source : sample.sources()) {
      try (var all = Files.lines(source)) {
        lines += all.filter(line -> !line.matches("// (region: .*|endregion)")).count();
      }
    }
    assertThat(lines).isBetween(30L, 59L);
  }

  @Test
  void itsBuildNamesTheVersionsOfThisOne() throws Exception {
    Document pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(sample.file("pom.xml").toFile());
    List<String> versions =
        java.util.stream.IntStream.range(0, pom.getElementsByTagName("version").getLength())
            .mapToObj(i -> pom.getElementsByTagName("version").item(i).getTextContent())
            .toList();
    String driver = pom.getElementsByTagName("sqlite-jdbc.version").item(0).getTextContent();
    Path root = sample.file("../../../pom.xml").normalize();
    String ours = Files.readString(root);

    assertThat(versions).contains(SpringBootVersion.getVersion());
    assertThat(ours).contains("<sqlite-jdbc.version>" + driver + "</sqlite-jdbc.version>");
    assertThat(ours).contains("<version>" + versions.get(versions.size() - 1) + "</version>");
  }
}
