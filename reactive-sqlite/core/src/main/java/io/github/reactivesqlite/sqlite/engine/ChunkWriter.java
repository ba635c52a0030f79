package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import io.github.reactivesqlite.sqlite.engine.write.ClosureBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the items of a chunk are written.
 *
 * @param <P> the type of the items
 */
interface ChunkWriter<P> {

  /**
   * Prepares a chunk before it is queued.
   *
   * @throws BadItemException when an item cannot be bound
   */
  Prepared prepare(List<P> items);

  /** A chunk ready to be written, possibly several times. */
  interface Prepared {

    /** Writes all items. */
    void write(ConnectionSession session) throws Exception;

    /** The memory that bound values hold. */
    long bytes();

    /** The index of the item at work when an error came, or -1 if that is not known. */
    int itemAtWork();
  }

  /** Says which item of a chunk could not be bound. */
  final class BadItemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int item;

    BadItemException(int item, Throwable cause) {
      super(cause);
      this.item = item;
    }

    int item() {
      return item;
    }
  }

  /** A chunk as a unit of the bulk lane. */
  record Body(Prepared chunk, long pauseNanos, Runnable neverRan) implements ClosureBody<Long> {

    @Override
    public @Nullable Long run(ConnectionSession session) throws Exception {
      chunk.write(session);
      return session.rowsUpdated();
    }

    @Override
    public String operation() {
      return "BATCH";
    }

    @Override
    public Lane usualLane() {
      return Lane.BULK;
    }

    @Override
    public long bytes() {
      return chunk.bytes();
    }

    @Override
    public boolean isHeldBackByDemand() {
      return true;
    }

    @Override
    public void onNeverRan() {
      neverRan.run();
    }
  }
}
