package io.github.reactivesqlite.spring.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Observes operations of one database. The observation in the subscriber's Reactor Context becomes
 * the parent; the new one is in the context of the operation itself.
 */
public final class DatabaseObservations {

  /** Where Micrometer keeps the current observation in a Reactor Context. */
  static final String CONTEXT_KEY = "micrometer.observation";

  private static final SqliteObservationConvention DEFAULT =
      new DefaultSqliteObservationConvention();

  private final ObservationRegistry registry;
  private final @Nullable SqliteObservationConvention convention;
  private final String database;

  private DatabaseObservations(
      ObservationRegistry registry,
      @Nullable SqliteObservationConvention convention,
      String database) {
    this.registry = registry;
    this.convention = convention;
    this.database = database;
  }

  /**
   * Observes nothing, at no cost.
   *
   * @return the same every time
   */
  public static DatabaseObservations none() {
    return new DatabaseObservations(ObservationRegistry.NOOP, null, "");
  }

  /**
   * Observes with a registry.
   *
   * @param registry where the observations go
   * @param convention names and keys, or null for the default
   * @param database the name of the database
   * @return the observations
   */
  public static DatabaseObservations of(
      ObservationRegistry registry,
      @Nullable SqliteObservationConvention convention,
      String database) {
    return new DatabaseObservations(registry, convention, database);
  }

  /**
   * Observes an operation with one answer, from each subscription to its end.
   *
   * @param operation its kind
   * @param work the operation
   * @param <T> the type of its answer
   * @return the observed operation; lazy
   */
  public <T> Mono<T> one(String operation, Mono<T> work) {
    if (registry.isNoop()) {
      return work;
    }
    return Mono.deferContextual(
        context -> {
          Started started = start(operation, context);
          return work.doOnError(started.observation::error)
              .doOnTerminate(started::stop)
              .doOnCancel(started::cancel)
              .contextWrite(own -> own.put(CONTEXT_KEY, started.observation));
        });
  }

  /**
   * Observes an operation with many answers, from each subscription to its end.
   *
   * @param operation its kind
   * @param work the operation
   * @param <T> the type of its answers
   * @return the observed operation; lazy
   */
  public <T> Flux<T> many(String operation, Flux<T> work) {
    if (registry.isNoop()) {
      return work;
    }
    return Flux.deferContextual(
        context -> {
          Started started = start(operation, context);
          return work.doOnError(started.observation::error)
              .doOnTerminate(started::stop)
              .doOnCancel(started::cancel)
              .contextWrite(own -> own.put(CONTEXT_KEY, started.observation));
        });
  }

  private Started start(String operation, ContextView context) {
    Observation observation =
        SqliteObservationDocumentation.OPERATION.observation(
            convention, DEFAULT, () -> new SqliteObservationContext(database, operation), registry);
    if (context.getOrDefault(CONTEXT_KEY, null) instanceof Observation parent) {
      observation.parentObservation(parent);
    }
    return new Started(observation.start());
  }

  /** An observation that is stopped once. */
  private static final class Started {
    private final Observation observation;
    private final AtomicBoolean stopped = new AtomicBoolean();

    Started(Observation observation) {
      this.observation = observation;
    }

    void stop() {
      if (stopped.compareAndSet(false, true)) {
        observation.stop();
      }
    }

    void cancel() {
      if (stopped.compareAndSet(false, true)) {
        observation.event(Observation.Event.of("cancelled"));
        observation.stop();
      }
    }
  }
}
