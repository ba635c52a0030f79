package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import java.util.concurrent.ExecutorService;
import reactor.core.scheduler.Scheduler;

/** The writer's thread with the connection that was opened on it. */
record WriterThread(ExecutorService executor, Scheduler scheduler, EngineConnection connection) {}
