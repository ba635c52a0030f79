package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A client that goes away in the middle of a request, over a real connection. */
class ClientDisconnectTest {

  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final String INSERT = "INSERT INTO note VALUES ('from a request')";

  @TempDir private Path dir;

  private ConfigurableApplicationContext application;
  private ReactiveDatabase db;
  private Progress progress;

  /** How far the request is; apart from the controller, which is behind a proxy. */
  record Progress(CountDownLatch written, CountDownLatch cancelled) {}

  /** Writes, and then waits for something that never comes. */
  @RestController
  static class Notes {
    private final ReactiveDatabase db;
    private final Progress progress;

    Notes(ReactiveDatabase db, Progress progress) {
      this.db = db;
      this.progress = progress;
    }

    @Transactional
    @PostMapping("/notes")
    public Mono<Long> add() {
      return db.update(INSERT)
          .rowsUpdated()
          .flatMap(
              rows -> {
                progress.written.countDown();
                return Mono.<Long>never().doOnCancel(progress.cancelled::countDown);
              });
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    @Bean
    Progress progress() {
      return new Progress(new CountDownLatch(1), new CountDownLatch(1));
    }

    @Bean
    Notes notes(ReactiveDatabase db, Progress progress) {
      return new Notes(db, progress);
    }
  }

  @BeforeEach
  void start() {
    SpringApplication starting = new SpringApplication(Application.class);
    starting.setRegisterShutdownHook(false);
    application =
        starting.run(
            "--server.port=0",
            "--server.address=127.0.0.1",
            // Nobody sends anything at the end
            "--spring.reactor.netty.shutdown-quiet-period=0s",
            "--reactive-sqlite.file=" + dir.resolve("main.db"),
            // Neither frees the writer within the test
            "--reactive-sqlite.transaction-timeout=10m",
            "--reactive-sqlite.acquire-timeout=10m");
    db = application.getBean("sqliteDatabase", ReactiveDatabase.class);
    progress = application.getBean(Progress.class);
    db.script("CREATE TABLE note (text TEXT)").block(WAIT);
  }

  @AfterEach
  void stop() {
    application.close();
  }

  @Test
  void writingTransactionIsRolledBackAndTheWriterFree() throws Exception {
    CompletableFuture<Long> next;
    try (Socket client = request()) {
      assertThat(progress.written.await(30, TimeUnit.SECONDS)).isTrue();
      next = db.update("INSERT INTO note VALUES ('next')").rowsUpdated().toFuture();
      awaitQueued();
      assertThat(next).as("behind the request's transaction").isNotDone();
    }

    assertThat(progress.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(
            db.query("SELECT text FROM note").mapTo(String.class).all().collectList().block(WAIT))
        .containsExactly("next");
  }

  private Socket request() throws IOException {
    int port = Integer.parseInt(application.getEnvironment().getProperty("local.server.port", ""));
    Socket client = new Socket(InetAddress.getByName("127.0.0.1"), port);
    client
        .getOutputStream()
        .write(
            "POST /notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  /** The transaction holds the writer: what comes after it waits for its turn. */
  private void awaitQueued() {
    Integer queued =
        Mono.fromSupplier(() -> db.stats().writes().queuedInteractive())
            .filter(depth -> depth > 0)
            .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(5)))
            .block(WAIT);
    assertThat(queued).isEqualTo(1);
  }
}
