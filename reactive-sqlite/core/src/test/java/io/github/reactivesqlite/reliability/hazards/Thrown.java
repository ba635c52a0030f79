package io.github.reactivesqlite.reliability.hazards;

import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** What an application's callback may throw. */
enum Thrown {
  EXCEPTION(() -> new IllegalArgumentException("provoked")),
  ASSERTION(() -> new AssertionError("provoked")),
  STACK_OVERFLOW(() -> new AssertionError("The stack has no end at " + overflow(0))),
  OUT_OF_MEMORY(() -> new OutOfMemoryError("provoked")),
  MISSING_CLASS(() -> new NoClassDefFoundError("provoked")),
  BROKEN_MACHINE(() -> new InternalError("provoked")),
  CHECKED(() -> new InterruptedException("provoked")),
  /** An exception that leaves the thread interrupted. */
  INTERRUPTING(
      () -> {
        Thread.currentThread().interrupt();
        return new IllegalStateException("provoked");
      }),
  /** An exception that cannot even be described. */
  UNSPEAKABLE(Unspeakable::new);

  private final Supplier<Throwable> making;

  Thrown(Supplier<Throwable> making) {
    this.making = making;
  }

  /** Throws it. */
  void raise() {
    throw Thrown.<RuntimeException>sneaky(making.get());
  }

  /** Throws it where a value is wanted. */
  <T> T raised() {
    raise();
    throw new IllegalStateException("It did not throw");
  }

  /** As the function of a map operator. */
  Long raiseAt(Object ignored) {
    return raised();
  }

  /** As the function of a flatMap operator. */
  Mono<Long> raiseIn(Object ignored) {
    return raised();
  }

  /** Real recursion until the stack is full. */
  @SuppressWarnings("InfiniteRecursion") // overflowing the stack is its purpose
  private static int overflow(int depth) {
    return overflow(depth + 1) + depth;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E sneaky(Throwable thrown) throws E {
    throw (E) thrown;
  }

  /** Throws again when it is asked for its message. */
  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException("no message");
    }

    @Override
    public String toString() {
      throw new UnsupportedOperationException("no text");
    }
  }
}
