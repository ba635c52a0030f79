package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The pause of a key ends while a claim that leaves it alone is under way: no commit tells of it,
 * and nobody else looks.
 *
 * <pre>
 * claim    leaves the key alone ─────────────────── finds nothing
 * key                            its pause ends                   is looked at again
 * </pre>
 */
class ReopeningKeysTest extends JobsFixture {

  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** Timers that never fire. */
  private static final class Timers implements Scheduler {
    private final List<Duration> set = new CopyOnWriteArrayList<>();

    @Override
    public Disposable schedule(Runnable task) {
      return Disposables.single();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      set.add(Duration.of(delay, unit.toChronoUnit()));
      return Disposables.single();
    }

    @Override
    public Worker createWorker() {
      return Schedulers.immediate().createWorker();
    }
  }

  private final Timers timers = new Timers();
  // Monotonic time has no zero
  private final AtomicLong now = new AtomicLong(-5_000_000_000L);
  private final KeyCircuits circuits = new KeyCircuits(PAUSE, PAUSE, now::get);

  private void passes(Duration time) {
    now.addAndGet(time.toNanos());
  }

  /** When the next look is to be, seen from the moment in which the claim is answered. */
  private List<Duration> looksAfterAClaimThatTakes(Duration time) {
    enqueue(TEXT.job("x").key("a"));
    Engine engine = another(options().scheduler(timers)).engine();
    QueueSource source = new QueueSource("default", Set.of("text"), 0, circuits, null, engine);
    Mono<List<ClaimedJob>> claim = source.claim(1);
    passes(time);
    assertThat(Bounded.get(claim)).isEmpty();
    return timers.set;
  }

  @Test
  void theOnlyKeyIsLookedAtAgainAtOnce() {
    circuits.failed("a");
    assertThat(looksAfterAClaimThatTakes(PAUSE)).containsExactly(Duration.ofNanos(1));
  }

  @Test
  void aKeyDoesNotWaitForTheNextOne() {
    circuits.failed("a");
    passes(PAUSE.dividedBy(2));
    circuits.failed("b");
    assertThat(looksAfterAClaimThatTakes(PAUSE.dividedBy(2).plusSeconds(1)))
        .containsExactly(Duration.ofNanos(1));
  }

  @Test
  void aKeyThatIsStillLeftAloneIsLookedAtWhenItsPauseEnds() {
    circuits.failed("a");
    assertThat(looksAfterAClaimThatTakes(PAUSE.minusSeconds(10)))
        .containsExactly(Duration.ofSeconds(10).plusNanos(1));
  }

  @Test
  void withoutAKeyThatIsLeftAloneNobodyLooks() {
    circuits.failed("a");
    passes(PAUSE.minusNanos(1));
    assertThat(circuits.leftAlone().keys()).containsExactly("a");
    passes(Duration.ofNanos(1));
    Engine engine = another(options().scheduler(timers)).engine();
    QueueSource source = new QueueSource("default", Set.of("text"), 0, circuits, null, engine);

    assertThat(Bounded.get(source.claim(1))).isEmpty();

    assertThat(timers.set).isEmpty();
  }
}
