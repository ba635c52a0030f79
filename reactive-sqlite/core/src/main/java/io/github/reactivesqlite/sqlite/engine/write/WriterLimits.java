package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import java.time.Duration;

/** The writer's part of the configuration, in the units that it works with. */
record WriterLimits(
    int groupUnits,
    long groupNanos,
    long commitNanos,
    long holdWarningNanos,
    long slowNanos,
    long walBytes,
    int copiedRows,
    long copiedBytes) {

  static WriterLimits of(SqliteConfig config) {
    return new WriterLimits(
        config.maxGroupUnits(),
        EngineTimer.nanos(config.maxGroupTime()),
        EngineTimer.nanos(config.commitTimeout()),
        orNever(config.holdWarning()),
        orNever(config.slowOperation()),
        config.walLimit(),
        config.returningRowLimit(),
        config.returningBytesLimit());
  }

  /** Zero turns a report off. */
  private static long orNever(Duration limit) {
    return limit.isZero() ? Long.MAX_VALUE / 4 : EngineTimer.nanos(limit);
  }
}
