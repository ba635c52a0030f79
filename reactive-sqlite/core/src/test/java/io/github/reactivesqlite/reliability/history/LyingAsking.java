package io.github.reactivesqlite.reliability.history;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;

/** Notes what a library would have told that does not keep its promises. */
final class LyingAsking extends Asking {

  private static final int NOW_AND_THEN = 5;
  private static final long REMEMBERED_NANOS = 5_000_000;

  private record Remembered(long at, String told) {}

  private final Lie lie;
  private final AtomicLong turn = new AtomicLong();
  private final AtomicReference<Remembered> lastLook = new AtomicReference<>(new Remembered(0, ""));

  LyingAsking(HistoryLog log, String life, Lie lie) {
    super(log, life);
    this.lie = lie;
  }

  @Override
  Mono<String> carryOut(Kind kind, Expected expected, Mono<String> work) {
    if (expected != Expected.SUCCESS) {
      return work;
    }
    return switch (lie) {
      case ACKNOWLEDGES_EARLY -> kind == Kind.WRITE ? acknowledgedEarly(work) : work;
      case FORGETS_WRITES -> isTurnOf(kind, Kind.WRITE) ? Mono.just("changed=1") : work;
      case DENIES_WRITES -> isTurnOf(kind, Kind.WRITE) ? denied(work) : work;
      case REPEATS_WRITES -> isTurnOf(kind, Kind.INCREMENT) ? work.then(work) : work;
      case REMEMBERS_READS -> kind == Kind.LOOK ? remembered(work) : work;
      case TEARS_SNAPSHOTS, TEARS_STREAMS -> work;
    };
  }

  private boolean isTurnOf(Kind kind, Kind wanted) {
    return kind == wanted && turn.incrementAndGet() % NOW_AND_THEN == 0;
  }

  private static Mono<String> acknowledgedEarly(Mono<String> work) {
    return Mono.fromSupplier(
        () -> {
          work.onErrorComplete().subscribe();
          return "changed=1";
        });
  }

  private static Mono<String> denied(Mono<String> work) {
    return work.then(Mono.error(() -> new IllegalStateException("it failed, allegedly")));
  }

  private Mono<String> remembered(Mono<String> work) {
    return Mono.defer(
        () -> {
          long now = System.nanoTime();
          Remembered last = lastLook.get();
          return now - last.at() < REMEMBERED_NANOS
              ? Mono.just(last.told())
              : work.doOnNext(told -> lastLook.set(new Remembered(now, told)));
        });
  }
}
