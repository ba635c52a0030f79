package io.github.reactivesqlite.demo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The controller of docs/live-queries.md, behind a real server. */
class LiveEventsExampleTest {

  private static final Duration WAIT = Duration.ofSeconds(30);

  record Book(long id, String title) {}

  // region: live-sse
  @RestController
  static class BookEvents {

    private final ReactiveDatabase db;

    BookEvents(ReactiveDatabase db) {
      this.db = db;
    }

    @GetMapping(path = "/api/books/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<List<Book>>> books() {
      Flux<ServerSentEvent<List<Book>>> answers =
          db.query("SELECT id, title FROM book ORDER BY id DESC LIMIT 50")
              .mapTo(Book.class)
              .live()
              .map(books -> ServerSentEvent.builder(books).event("books").build());
      // A comment now and then shows a proxy that the connection lives, and us when it does not
      Flux<ServerSentEvent<List<Book>>> heartbeat =
          Flux.interval(Duration.ofSeconds(15))
              .onBackpressureDrop()
              .map(tick -> ServerSentEvent.<List<Book>>builder().comment("alive").build());
      return answers.mergeWith(heartbeat);
    }
  }

  // endregion

  @EnableWebFlux
  static class WebFlux {}

  @Test
  void browserHearsOfEachCommit(@TempDir Path dir) throws Exception {
    try (SqliteDatabase db = SqliteDatabase.open(dir.resolve("library.db"));
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      db.script("CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL)").block(WAIT);
      context.registerBean(ReactiveDatabase.class, () -> db);
      context.register(WebFlux.class, BookEvents.class);
      context.refresh();
      DisposableServer server =
          HttpServer.create()
              .host("127.0.0.1")
              .port(0)
              .handle(
                  new ReactorHttpHandlerAdapter(
                      WebHttpHandlerBuilder.applicationContext(context).build()))
              .bindNow(WAIT);
      BlockingQueue<String> events = new LinkedBlockingQueue<>();
      Disposable browser =
          WebClient.create("http://127.0.0.1:" + server.port())
              .get()
              .uri("/api/books/events")
              .retrieve()
              .bodyToFlux(String.class)
              .subscribe(events::add);
      try {
        assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("[]");
        db.update("INSERT INTO book (title) VALUES ('Emma')").rowsUpdated().block(WAIT);
        assertThat(events.poll(30, TimeUnit.SECONDS)).contains("Emma");
      } finally {
        browser.dispose();
        server.disposeNow(WAIT);
      }
    }
  }
}
