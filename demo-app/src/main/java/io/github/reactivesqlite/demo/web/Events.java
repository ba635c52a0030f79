package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.figures.Viewers;
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

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final Viewers viewers;
  private final Sinks.Empty<Void> stopping = Sinks.empty();
  private volatile boolean running;

  Events(Viewers viewers) {
    this.viewers = viewers;
  }

  /** Events of one name. */
  static <T> Flux<ServerSentEvent<Object>> named(String name, Flux<T> values) {
    return values.map(value -> ServerSentEvent.<Object>builder(value).event(name).build());
  }

  /** All of them, with a comment now and then that shows whether anybody is there. */
  Flux<ServerSentEvent<Object>> merged(List<Flux<ServerSentEvent<Object>>> sources) {
    Flux<ServerSentEvent<Object>> heartbeat =
        Flux.interval(Duration.ZERO, HEARTBEAT)
            .onBackpressureDrop()
            .map(tick -> ServerSentEvent.builder().comment("alive").build());
    return viewers
        .count(Flux.merge(Flux.fromIterable(sources)).mergeWith(heartbeat))
        .transform(this::untilStop);
  }

  /** The same stream, which ends when the server is about to stop. */
  <T> Flux<T> untilStop(Flux<T> stream) {
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
