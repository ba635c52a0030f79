package io.github.reactivesqlite.demo.lab.scenarios;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Trial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * The HTTP service that turns an episode into text, on the loopback address. It sees how many
 * requests each process has under way, and one episode in 50 is broken for good.
 */
final class TranscriptService implements AutoCloseable {

  /** How long it works on one episode. */
  static final Duration WORK = Duration.ofMillis(40);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
  private static final String PROCESS = "X-Process";
  private static final int BROKEN = 50;
  private static final String TEXT = "What was said in the episode. ";

  private final Trial trial;
  private final HttpServer server;
  private final ExecutorService threads;
  private final UnderWay underWay = new UnderWay();
  private volatile boolean paused;

  TranscriptService(Trial trial) throws IOException {
    this.trial = trial;
    this.threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "lab-transcripts");
              thread.setDaemon(true);
              return thread;
            });
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  static boolean isBroken(long episode) {
    return episode % BROKEN == 0;
  }

  static HttpRequest request(int port, long episode, String process) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + episode))
        .header(PROCESS, process)
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /**
   * Waits until a process is in the middle of its jobs.
   *
   * @param process which
   * @param atMost for how long
   * @param goOn whether there is still something to wait for
   * @return whether it is
   */
  boolean awaitInTheMiddle(String process, Duration atMost, BooleanSupplier goOn)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    // Where workers wait for locks, they are hardly ever at work all at once
    int half = (trial.workers() + 1) / 2;
    while (!underWay.isInTheMiddle(process, half, TranscriptService::isBroken)) {
      if (System.nanoTime() - deadline >= 0 || !goOn.getAsBoolean()) {
        return false;
      }
      trial.pause(LOOK_AGAIN);
    }
    return true;
  }

  /** Whether it works on no episode. */
  boolean isIdle() {
    return underWay.isNothing();
  }

  /** While it is set, a request is one too many. */
  void expectNothing(boolean nothing) {
    paused = nothing;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String process = exchange.getRequestHeaders().getFirst(PROCESS);
    long episode = Long.parseLong(exchange.getRequestURI().getPath().substring(1));
    int now = underWay.begin(process, episode);
    trial.tally().greatest(Metric.HANDLERS_AT_ONCE, now);
    if (paused) {
      trial.tally().count(Metric.STARTED_IN_PAUSE);
    }
    try {
      trial.pause(WORK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Before the answer, which makes room for the next request
      underWay.end(process, episode);
    }
    byte[] text = TEXT.repeat(100).getBytes(StandardCharsets.UTF_8);
    boolean broken = isBroken(episode);
    try (exchange) {
      exchange.sendResponseHeaders(broken ? 503 : 200, broken ? -1 : text.length);
      if (!broken) {
        exchange.getResponseBody().write(text);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
