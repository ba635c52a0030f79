package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.engine.connection.DirectoryLook;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Names the transaction that alone made the write-ahead log outgrow {@code walLimit}: nothing can
 * be copied out of the log while it runs.
 *
 * <p>All fields belong to the writer thread.
 */
final class LogGrowth {

  private static final Logger LOG = SteadyLogger.of(LogGrowth.class);
  private static final int NAMED = 5;

  /** In less, other processes cannot make the log much larger. */
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** In less, nobody writes half of a limit that makes sense. */
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Path log;
  private final long limit;
  private final EngineTimer timer;
  private long bytes;
  private long begunNanos;
  private long measuredNanos;

  LogGrowth(Path log, long limit, EngineTimer timer) {
    this.log = log;
    this.limit = limit;
    this.timer = timer;
    this.bytes = size();
    this.measuredNanos = timer.nanoTime();
    this.begunNanos = measuredNanos;
  }

  /** With the write lock just taken: what others wrote into the log until now is not ours. */
  void begun() {
    begunNanos = timer.nanoTime();
    if (begunNanos - measuredNanos > FRESH_NANOS) {
      bytes = size();
      measuredNanos = begunNanos;
    }
  }

  /** After a COMMIT of these. */
  void committed(List<? extends WriteRequest<?>> units) {
    if (outgrew()) {
      warn(
          units.stream()
              .map(unit -> nameOf(unit.settings.label()))
              .distinct()
              .limit(NAMED)
              .collect(Collectors.joining(", ")));
    }
  }

  /** After the COMMIT of an interactive transaction. */
  void committed(OpenTransaction transaction) {
    if (outgrew()) {
      warn(nameOf(transaction.settings().label()));
    }
  }

  /** After something that may have cut the log. */
  void look() {
    bytes = Math.min(bytes, size());
  }

  /**
   * Looks at the log only after a long transaction: {@link DirectoryLook} says what a look costs.
   */
  private boolean outgrew() {
    long now = timer.nanoTime();
    if (now - begunNanos < SHORT_NANOS) {
      return false;
    }
    long before = bytes;
    bytes = size();
    measuredNanos = now;
    return bytes > limit && bytes - before > limit / 2;
  }

  private void warn(String who) {
    LOG.warn(
        "{} made the write-ahead log outgrow walLimit in one transaction: it has {} bytes now."
            + " Write large amounts in chunks (batch, writeChunks), or raise walLimit",
        who,
        bytes);
  }

  private static String nameOf(@Nullable String label) {
    return Objects.requireNonNullElse(label, "unlabelled");
  }

  private long size() {
    try {
      return Files.size(log);
    } catch (IOException missing) {
      return 0;
    }
  }
}
