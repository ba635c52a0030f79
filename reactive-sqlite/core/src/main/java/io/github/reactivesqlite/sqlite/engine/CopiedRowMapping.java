package io.github.reactivesqlite.sqlite.engine;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Where rows that left the writer as copies are mapped.
 *
 * @param scheduler the result scheduler
 * @param label the label of errors
 * @param fate what has become of the write, added to the message of a mapping error
 */
record CopiedRowMapping(Scheduler scheduler, @Nullable String label, String fate) {}
