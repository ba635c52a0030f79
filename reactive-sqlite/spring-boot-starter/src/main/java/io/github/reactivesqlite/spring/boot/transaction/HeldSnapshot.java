package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Snapshot;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** A snapshot that is opened and ended by two calls, as a transaction manager needs it. */
final class HeldSnapshot {

  private final Snapshot snapshot;
  private final Sinks.Empty<Void> end;
  private final Sinks.Empty<Void> ended;

  private HeldSnapshot(Snapshot snapshot, Sinks.Empty<Void> end, Sinks.Empty<Void> ended) {
    this.snapshot = snapshot;
    this.end = end;
    this.ended = ended;
  }

  /** Opens one. Lazy; a cancel of the begin around it, before it is given, ends it. */
  static Mono<HeldSnapshot> open(ReactiveDatabase database) {
    return Mono.create(
        sink -> {
          AtomicBoolean decided = new AtomicBoolean();
          Sinks.Empty<Void> end = Sinks.empty();
          Sinks.Empty<Void> ended = Sinks.empty();
          Context context = Context.of(sink.contextView());
          Disposable holding =
              database
                  .withSnapshot(
                      snapshot -> {
                        if (!decided.compareAndSet(false, true)) {
                          return Mono.<Void>empty();
                        }
                        sink.success(new HeldSnapshot(snapshot, end, ended));
                        return end.asMono();
                      })
                  .doFinally(signal -> ended.tryEmitEmpty())
                  .contextWrite(context)
                  // Once it is given, its queries tell whoever uses it that it was ended early
                  .subscribe(nothing -> {}, sink::error);
          HandOver.onCancelOf(
              context,
              () -> {
                if (decided.compareAndSet(false, true)) {
                  holding.dispose();
                  sink.error(new CancellationException("The transaction was cancelled"));
                }
              });
        });
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** Gives its reader back. */
  Mono<Void> end() {
    return Mono.defer(
        () -> {
          end.tryEmitEmpty();
          return ended.asMono();
        });
  }
}
