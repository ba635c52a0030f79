package io.github.reactivesqlite.reliability.history;

import io.github.reactivesqlite.ReactiveDatabase;
import java.util.Random;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reads and writes in every way at once, until it is told to stop. */
final class HistoryClient {

  private static final int READS_AT_ONCE = 6;
  private static final int WRITES_AT_ONCE = 48;
  private static final int FAILURES_AT_ONCE = 2;
  private static final int PRODUCERS = 6;

  private final Random seeds;
  private final RandomWrites writes;
  private final RandomFailures failures;
  private final RandomReads reads;
  private volatile boolean isStopping;

  HistoryClient(ReactiveDatabase database, Asking asking, Random seeds) {
    RecentUnits recent = new RecentUnits();
    this.seeds = seeds;
    this.writes = new RandomWrites(database, asking, recent);
    this.failures = new RandomFailures(database, asking, writes);
    this.reads = new RandomReads(database, asking, recent);
  }

  /** Completes when it was told to stop and everything that was asked for is answered. */
  Mono<Void> live() {
    Flux<Void> anybody =
        Flux.merge(
            forever(reads::any, READS_AT_ONCE),
            forever(random -> writes.any(Operation.ANYBODY, random), WRITES_AT_ONCE),
            forever(random -> failures.any(Operation.ANYBODY, random), FAILURES_AT_ONCE),
            forever(writes::stream, 1));
    Flux<Void> producers =
        Flux.range(0, PRODUCERS)
            .flatMap(number -> forever(random -> produce("producer" + number, random), 1));
    return Flux.merge(anybody, producers).then();
  }

  void stop() {
    isStopping = true;
  }

  private Mono<Void> produce(String name, Random random) {
    return random.nextInt(4) == 0 ? failures.any(name, random) : writes.any(name, random);
  }

  private Flux<Void> forever(Function<Random, Mono<Void>> operation, int atOnce) {
    Random own = new Random(seeds.nextLong());
    return Flux.<Long>generate(
            sink -> {
              if (isStopping) {
                sink.complete();
              } else {
                sink.next(own.nextLong());
              }
            })
        .subscribeOn(Schedulers.parallel())
        .flatMap(seed -> operation.apply(new Random(seed)), atOnce, 1);
  }
}
