package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;

/** What the parts of the writer share. All of it is thread-safe. */
record WriterServices(
    WriteQueue queue,
    EngineTimer timer,
    Answers answers,
    DatabaseMetrics metrics,
    LockLog lockLog,
    SqlCache sqlCache,
    WriterLimits limits) {}
