package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Workers that call an HTTP service and save what it says, while a feed refresh inserts episodes
 * with their jobs in bursts, the wall clock jumps, and two at once pause the queue for a moment.
 */
@Tag("reliability")
class TranscriptsTest {

  private static final int EPISODES = 200;
  private static final int BURST = 50;
  private static final List<Duration> CLOCK_MOVES =
      List.of(Duration.ZERO, Duration.ofHours(-2), Duration.ofDays(365), Duration.ZERO);

  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(64);
  private final HttpClient client = HttpClient.newHttpClient();
  private final MovedClock clock = new MovedClock();
  private HttpServer server;

  @TempDir Path dir;

  /** One episode in 20 is broken for good, one call in 7 fails at first. */
  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String id = exchange.getRequestURI().getPath().substring(1);
          int call = calls.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
          requests.incrementAndGet();
          long number = Long.parseLong(id);
          boolean fails = number % 20 == 0 || call == 1 && number % 7 == 0;
          byte[] text = ("transcript of " + id).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(fails ? 503 : 200, fails ? -1 : text.length);
          if (!fails) {
            exchange.getResponseBody().write(text);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServing() {
    server.stop(0);
    threads.shutdownNow();
  }

  private Mono<String> transcript(String id) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + id);
    return Mono.fromFuture(
            () -> client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()))
        .flatMap(
            answer ->
                answer.statusCode() == 200
                    ? Mono.just(answer.body())
                    : Mono.error(new IllegalStateException("HTTP " + answer.statusCode())));
  }

  private Mono<Void> handle(JobContext<String> job) {
    return Mono.defer(
            () -> {
              most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              return job.progress(0.1, "asking")
                  .then(transcript(job.payload()))
                  .flatMap(
                      text ->
                          job.completeWith(
                              session ->
                                  session
                                      .update("INSERT INTO transcript VALUES (:episode, :text)")
                                      .bind("episode", job.payload())
                                      .bind("text", text)
                                      .execute()));
            })
        // Before the signal that frees the worker; doFinally would come after it
        .doOnTerminate(atOnce::decrementAndGet)
        .doOnCancel(atOnce::decrementAndGet)
        .then();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 32})
  void everyEpisodeIsTranscribedOnceOrDiscardedWithItsError(int workers) {
    JobType<String> type =
        JobType.of("transcribe", PayloadCodec.text())
            .maxAttempts(3)
            .backoff(Backoff.fixed(Duration.ofMillis(20)));
    try (SqliteDatabase db = SqliteDatabase.open(dir.resolve("transcripts.db"));
        Jobs jobs = Jobs.of(db, JobsOptions.defaults().clock(clock))) {
      Bounded.get(jobs.migrate().thenReturn(1));
      // No key: a second transcript would be seen
      Bounded.get(
          db.script(
                  "CREATE TABLE episode (id INTEGER PRIMARY KEY);"
                      + " CREATE TABLE transcript (episode INTEGER, text TEXT)")
              .thenReturn(1));
      Workers started =
          jobs.queue().workers().handle(type, this::handle).concurrency(workers).start();
      Bounded.get(
          Flux.range(0, EPISODES / BURST)
              .concatMap(
                  burst ->
                      db.write(
                          session -> {
                            // While the bursts before are worked on, not when they are planned
                            clock.move(CLOCK_MOVES.get(burst));
                            IntStream.range(burst * BURST, (burst + 1) * BURST)
                                .forEach(
                                    id -> {
                                      session
                                          .update("INSERT INTO episode VALUES (:id)")
                                          .bind("id", id)
                                          .execute();
                                      jobs.enqueue(session, type.job("" + id).uniqueKey("t" + id));
                                    });
                            return BURST;
                          }))
              .then(
                  Mono.zip(
                      jobs.queue().pausedWhile(Mono.delay(Duration.ofMillis(50))),
                      jobs.queue().pausedWhile(Mono.delay(Duration.ofMillis(20))))));
      Bounded.until(
          "all finished",
          () -> {
            Map<JobState, Long> counts = Bounded.get(jobs.queue().counts());
            return counts.get(JobState.COMPLETED) + counts.get(JobState.DISCARDED) == EPISODES;
          });
      started.stop().block(Bounded.LIMIT);

      assertThat(most.get()).isLessThanOrEqualTo(workers);
      Map<JobState, Long> counts = Bounded.get(jobs.queue().counts());
      assertThat(counts.get(JobState.DISCARDED)).isEqualTo(EPISODES / 20);
      assertThat(
              Bounded.get(
                  db.query("SELECT count(*) || ' ' || count(DISTINCT episode) FROM transcript")
                      .mapTo(String.class)
                      .one()))
          .isEqualTo("190 190");
      assertThat(
              Bounded.get(
                  jobs.list(JobFilter.all().inState(JobState.DISCARDED))
                      .map(job -> job.attempt() + " " + job.error())
                      .distinct()
                      .collectList()))
          .containsExactly("3 java.lang.IllegalStateException: HTTP 503");
      assertThat(db.stats().lock().failures()).isZero();
    }
  }
}
