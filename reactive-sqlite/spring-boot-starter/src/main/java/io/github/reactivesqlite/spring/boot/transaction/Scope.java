package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.Savepoint;
import io.github.reactivesqlite.Snapshot;
import io.github.reactivesqlite.Transaction;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a transaction of Spring has open on one database; bound to the transaction's context, with
 * the database as its key. {@code outer()} is what was there before: a suspended scope, or nothing.
 */
sealed interface Scope {

  /** What it hides; to be put back when it ends. */
  @Nullable Suspended outer();

  /** Whether it has ended, however that was, so that nothing can join it any more. */
  boolean isOver();

  /** An interactive transaction, and its savepoints; used by one pipeline. */
  final class Write implements Scope {
    private final Transaction transaction;
    private final @Nullable Suspended outer;
    private final Level root = new Level(null);
    private final Deque<Level> nested = new ArrayDeque<>();
    private volatile boolean over;

    Write(Transaction transaction, @Nullable Suspended outer) {
      this.transaction = transaction;
      this.outer = outer;
    }

    Transaction transaction() {
      return transaction;
    }

    @Override
    public @Nullable Suspended outer() {
      return outer;
    }

    @Override
    public boolean isOver() {
      return over;
    }

    void end() {
      over = true;
    }

    /** The transaction itself. */
    Level root() {
      return root;
    }

    /** The innermost nested transaction, or the transaction itself. */
    synchronized Level innermost() {
      Level level = nested.peek();
      return level == null ? root : level;
    }

    synchronized Level nest(Savepoint savepoint) {
      Level level = new Level(savepoint);
      nested.push(level);
      return level;
    }

    synchronized void ended(Level level) {
      nested.remove(level);
    }
  }

  /** A transaction, or a nested one, that may be marked so that it cannot be committed. */
  final class Level {
    private final @Nullable Savepoint savepoint;
    private volatile boolean rollbackOnly;

    Level(@Nullable Savepoint savepoint) {
      this.savepoint = savepoint;
    }

    @Nullable Savepoint savepoint() {
      return savepoint;
    }

    void setRollbackOnly() {
      rollbackOnly = true;
    }

    boolean isRollbackOnly() {
      return rollbackOnly;
    }
  }

  /** A snapshot, for a read-only transaction. */
  final class Read implements Scope {
    private final HeldSnapshot held;
    private final @Nullable Suspended outer;
    private volatile boolean over;

    Read(HeldSnapshot held, @Nullable Suspended outer) {
      this.held = held;
      this.outer = outer;
    }

    Snapshot snapshot() {
      return held.snapshot();
    }

    @Override
    public @Nullable Suspended outer() {
      return outer;
    }

    @Override
    public boolean isOver() {
      return over;
    }

    /** Gives its reader back; again is harmless. */
    Mono<Void> end() {
      return Mono.defer(
          () -> {
            over = true;
            return held.end();
          });
    }
  }

  /** A scope that waits until another transaction, or none, has had its turn. */
  record Suspended(Scope scope) implements Scope {

    @Override
    public @Nullable Suspended outer() {
      return scope.outer();
    }

    @Override
    public boolean isOver() {
      return false;
    }
  }

  /** Whether a suspended transaction holds the writer: nobody else can write until it ends. */
  static boolean holdsWriterBehind(@Nullable Suspended suspended) {
    for (Suspended next = suspended; next != null; next = next.outer()) {
      if (next.scope() instanceof Write) {
        return true;
      }
    }
    return false;
  }
}
