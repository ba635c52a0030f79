package io.github.reactivesqlite.reliability.system;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Trials.Answer;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Units in turn in every way, so many at a time, until it is stopped. */
final class Load {

  private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(5);

  private final Map<Fate, AtomicLong> fates = new EnumMap<>(Fate.class);
  private final ConcurrentSkipListMap<String, AtomicLong> errors = new ConcurrentSkipListMap<>();
  private final AtomicLong longest = new AtomicLong();
  private final int pauses;
  private final Bounded.Outcome<Void> end;
  private volatile boolean stopped;

  /** Without pause. */
  Load(Trials trials, ReactiveDatabase database, List<Way> ways, int inFlight) {
    this(trials, database, ways, inFlight, 0);
  }

  /**
   * Leaves the lock free for a fifth of the time or more, however slow the disk is: each unit is
   * followed by a pause that is as long as what the others may take.
   */
  static Load leavingRoom(Trials trials, ReactiveDatabase database, List<Way> ways, int inFlight) {
    return new Load(trials, database, ways, inFlight, inFlight);
  }

  private Load(Trials trials, ReactiveDatabase database, List<Way> ways, int inFlight, int pauses) {
    this.pauses = pauses;
    for (Fate fate : Fate.values()) {
      fates.put(fate, new AtomicLong());
    }
    end =
        Bounded.start(
            Flux.<Integer, Integer>generate(
                    () -> 0,
                    (number, sink) -> {
                      if (stopped) {
                        sink.complete();
                      } else {
                        sink.next(number);
                      }
                      return number + 1;
                    })
                .flatMap(
                    number ->
                        trials
                            .attempt(database, ways.get(number % ways.size()))
                            .flatMap(this::count),
                    inFlight,
                    1)
                .then());
  }

  private Mono<Long> count(Answer answer) {
    longest.accumulateAndGet(answer.took().toNanos(), Math::max);
    fates.getOrDefault(answer.fate(), new AtomicLong()).incrementAndGet();
    if (answer.isAcknowledged()) {
      return pauses == 0 ? Mono.empty() : Mono.delay(answer.took().multipliedBy(pauses));
    }
    errors.computeIfAbsent(answer.kind(), kind -> new AtomicLong()).incrementAndGet();
    return Mono.delay(PAUSE_AFTER_ERROR);
  }

  /** How many units were answered so. */
  long count(Fate fate) {
    return fates.getOrDefault(fate, new AtomicLong()).get();
  }

  long acknowledged() {
    return count(Fate.ACKNOWLEDGED);
  }

  /** How often each kind of error was met. */
  Map<String, AtomicLong> errors() {
    return new TreeMap<>(errors);
  }

  /** Waits for the next acknowledgement. */
  Duration awaitProgress() {
    long before = acknowledged();
    long begun = System.nanoTime();
    Bounded.until("the next acknowledgement", () -> acknowledged() > before);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Starts nothing more, and waits until all is answered. */
  void stop() {
    stopped = true;
    end.value();
  }

  @Override
  public String toString() {
    return "acknowledged %d, failed %d, unknown %d, errors %s, longest %d ms"
        .formatted(
            acknowledged(),
            count(Fate.FAILED),
            count(Fate.UNKNOWN),
            errors,
            longest.get() / 1_000_000);
  }
}
