package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.figures.Viewers;
import java.time.Duration;
import java.util.List;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * Puts what a page listens to into one stream: a browser opens six connections to a server, and
 * several pages may be open.
 */
@Component
class Events {

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final Viewers viewers;

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
    return viewers.count(Flux.merge(Flux.fromIterable(sources)).mergeWith(heartbeat));
  }
}
