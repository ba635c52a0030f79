package io.github.reactivesqlite.spring.boot;

import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Ends live queries when the application begins to stop: they never end by themselves, and a web
 * server that stops gracefully waits for the requests they answer. So it stops before the server
 * does.
 */
final class LiveStreams implements SmartLifecycle {

  private volatile Sinks.Empty<Void> stopping = Sinks.empty();
  private volatile boolean running;
  private boolean stopped;

  /** The same answers, completed when the application stops. */
  Flux<Object> untilStopped(Flux<Object> answers) {
    return Flux.defer(() -> answers.takeUntilOther(stopping.asMono()));
  }

  @Override
  public synchronized void start() {
    if (stopped) {
      stopping = Sinks.empty();
      stopped = false;
    }
    running = true;
  }

  @Override
  public synchronized void stop() {
    running = false;
    stopped = true;
    stopping.tryEmitEmpty();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
