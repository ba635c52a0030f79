package io.github.reactivesqlite.jobs;

import org.jspecify.annotations.Nullable;

/** A job as it is inserted. Times are milliseconds of the wall clock. */
record JobRow(
    String queue,
    String type,
    JobState state,
    int priority,
    long runAt,
    @Nullable Long delayMillis,
    int maxAttempts,
    String payload,
    @Nullable String uniqueKey,
    @Nullable String key,
    long now) {}
