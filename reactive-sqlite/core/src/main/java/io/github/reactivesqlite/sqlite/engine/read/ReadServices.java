package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;

/** What the parts of the readers share. All of it is thread-safe. */
record ReadServices(
    EngineTimer timer,
    Answers answers,
    DatabaseMetrics metrics,
    LockLog lockLog,
    SqlCache sqlCache,
    int chunkRows,
    long chunkBytes) {}
