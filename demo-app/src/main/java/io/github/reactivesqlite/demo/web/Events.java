package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.figures.Viewers;
import io.github.reactivesqlite.demo.library.LibraryProperties;
import java.time.Duration;
import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Puts what a page listens to into one stream: a browser opens six connections to a server, and
 * several pages may be open. The streams end before the server stops, which waits for them.
 */
@Component
class Events implements SmartLifecycle {

  private final Viewers viewers;
  private final Duration heartbeat;
  private final Sinks.Empty<Void> stopping = Sinks.empty();
  private volatile boolean running;

  Events(Viewers viewers, LibraryProperties properties) {
    this.viewers = viewers;
    this.heartbeat = properties.heartbeat();
  }

  /** Events of one name. */
  static <T> Flux<ServerSentEvent<Object>> named(String name, Flux<T> values) {
    return values.map(value -> ServerSentEvent.<Object>builder(value).event(name).build());
  }

  /** All of them, with heartbeats. */
  Flux<ServerSentEvent<Object>> merged(List<Flux<ServerSentEvent<Object>>> sources) {
    return viewers.count(heartbeats().mergeWith(Flux.merge(sources))).transform(this::untilStop);
  }

  /** The same events, with heartbeats until they end. */
  Flux<ServerSentEvent<Object>> untilEnd(Flux<ServerSentEvent<Object>> events) {
    return heartbeats()
        .materialize()
        .mergeWith(events.materialize())
        .<ServerSentEvent<Object>>dematerialize()
        .transform(this::untilStop);
  }

  /**
   * Show each side whether the other is there, and say how many milliseconds are between them. The
   * first is what a stream begins with. No comments: a browser does not tell its page of those.
   */
  private Flux<ServerSentEvent<Object>> heartbeats() {
    Flux<Long> later = Flux.interval(heartbeat).onBackpressureDrop();
    return named("alive", later.startWith(0L).map(tick -> heartbeat.toMillis()));
  }

  /** The same stream, which ends when the server is about to stop. */
  private <T> Flux<T> untilStop(Flux<T> stream) {
    return stream.takeUntilOther(stopping.asMono());
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    stopping.tryEmitEmpty();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
