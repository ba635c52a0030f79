package io.github.reactivesqlite.sqlite.engine.runtime;

import io.github.reactivesqlite.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.retry.BackoffDelay;
import reactor.retry.Retry;

/**
 * Waits for a lock that somebody else holds, without holding a thread: the one class that builds a
 * backoff with Reactor Extra. Its retry is deprecated upstream and stays behind this class.
 */
@SuppressWarnings("deprecation")
public final class LockRetry {

  private LockRetry() {}

  /**
   * Repeats an attempt while it fails with {@link LockedException}, with the policy's pauses. Any
   * other error passes through, and the last lock error too when the policy has ended. Each pause
   * is told before it begins.
   */
  public static <T> Mono<T> whileLocked(
      Mono<T> attempt, RetryPolicy policy, Scheduler timer, Consumer<? super Duration> onPause) {
    return attempt
        .retryWhen(reactor.util.retry.Retry.withThrowable(backoff(policy, timer, onPause)))
        .onErrorMap(reactor.retry.RetryExhaustedException.class, LockRetry::lastError);
  }

  /**
   * The same for an attempt that has already failed once on a faster path: the first pause comes
   * before the first attempt.
   */
  public static <T> Mono<T> afterFirstFailure(
      LockedException first,
      Mono<T> attempt,
      RetryPolicy policy,
      Scheduler timer,
      Consumer<? super Duration> onPause) {
    AtomicBoolean failedBefore = new AtomicBoolean();
    Mono<T> withFirst =
        Mono.defer(() -> failedBefore.compareAndSet(false, true) ? Mono.error(first) : attempt);
    return whileLocked(withFirst, policy, timer, onPause);
  }

  private static java.util.function.Function<Flux<Throwable>, org.reactivestreams.Publisher<?>>
      backoff(RetryPolicy policy, Scheduler timer, Consumer<? super Duration> onPause) {
    Retry<Object> retry =
        Retry.<Object>onlyIf(context -> context.exception() instanceof LockedException)
            .retryMax(policy.maxAttempts())
            .backoff(context -> new BackoffDelay(policy.pauseBefore(context.iteration())))
            .jitter(pause -> policy.withJitter(pause.delay()))
            .withBackoffScheduler(timer)
            .doOnRetry(context -> onPause.accept(context.backoff()));
    Duration deadline = policy.deadline();
    Retry<Object> bounded = deadline == null ? retry : retry.timeout(deadline);
    return bounded::apply;
  }

  private static Throwable lastError(Throwable exhausted) {
    Throwable cause = exhausted.getCause();
    return cause != null ? cause : exhausted;
  }
}
