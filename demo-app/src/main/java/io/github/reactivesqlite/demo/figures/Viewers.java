package io.github.reactivesqlite.demo.figures;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/** How many pages listen to this application now. */
@Component
public class Viewers {

  /** The gauge's name. */
  public static final String METER = "library.viewers";

  private final AtomicInteger now = new AtomicInteger();

  Viewers(MeterRegistry registry) {
    Gauge.builder(METER, now, AtomicInteger::get)
        .description("Pages that listen now")
        .strongReference(true)
        .register(registry);
  }

  /**
   * Counts a page as long as it listens.
   *
   * @param events what it listens to
   * @param <T> the type of the events
   * @return the same events
   */
  public <T> Flux<T> count(Flux<T> events) {
    return Flux.defer(
        () -> {
          now.incrementAndGet();
          return events.doFinally(signal -> now.decrementAndGet());
        });
  }

  int now() {
    return now.get();
  }
}
