package io.github.reactivesqlite.reliability.history;

import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.ConstraintViolationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Asks for operations, and notes what was asked before it is and what was told after it was. */
class Asking {

  /** How an operation is meant to end. */
  enum Expected {
    /** It succeeds. */
    SUCCESS,
    /** It fails, and leaves nothing. A timeout rolls it back for certain. */
    FAILURE,
    /** It may be cancelled on its way. */
    CANCEL
  }

  private final HistoryLog log;
  private final String life;
  private final AtomicLong asked = new AtomicLong();

  /**
   * Creates it.
   *
   * @param life the name of one life of a process; operations and clients are its own
   */
  Asking(HistoryLog log, String life) {
    this.log = log;
    this.life = life;
  }

  HistoryLog log() {
    return log;
  }

  /** How many operations were asked for. */
  long asked() {
    return asked.get();
  }

  /**
   * An operation that is noted. It never fails.
   *
   * @param said the values asked with
   * @param work from the id to the values told
   */
  final Mono<Void> ask(
      String client,
      Kind kind,
      Expected expected,
      String said,
      Function<String, Mono<String>> work) {
    return Mono.defer(
        () -> {
          String id = life + '.' + asked.incrementAndGet();
          String who = client.equals(Operation.ANYBODY) ? client : life + '.' + client;
          String all = expected == Expected.FAILURE ? said + " expect=fail" : said;
          log.invoke(id, System.nanoTime(), who, kind, all);
          return carryOut(kind, expected, work.apply(id))
              .defaultIfEmpty("told=nothing")
              .doOnNext(told -> log.answer(id, System.nanoTime(), Answer.OK, told))
              .onErrorResume(error -> failed(id, System.nanoTime(), expected, error))
              .then();
        });
  }

  /** What is done for an operation. Liars do something else. */
  Mono<String> carryOut(Kind kind, Expected expected, Mono<String> work) {
    return work;
  }

  private Mono<String> failed(String id, long at, Expected expected, Throwable error) {
    boolean isCancelled = expected == Expected.CANCEL && error instanceof TimeoutException;
    boolean isUnknown = isCancelled || error instanceof CommitOutcomeUnknownException;
    String committed =
        error instanceof BatchFailedException batch ? "committed=" + batch.committedItems() : "";
    String why;
    if (isCancelled) {
      why = " why=cancelled";
    } else if (isTaken(error)) {
      why = " why=UNIQUE";
    } else if (expected == Expected.FAILURE) {
      why = " why=" + error.getClass().getSimpleName();
    } else {
      why = " error=" + error.toString().replaceAll("\\s+", "_");
    }
    log.answer(id, at, isUnknown ? Answer.UNKNOWN : Answer.FAILED, (committed + why).trim());
    return Mono.empty();
  }

  private static boolean isTaken(Throwable error) {
    return error instanceof ConstraintViolationException constraint
        && (constraint.kind() == ConstraintViolationException.Kind.PRIMARY_KEY
            || constraint.kind() == ConstraintViolationException.Kind.ROWID);
  }
}
