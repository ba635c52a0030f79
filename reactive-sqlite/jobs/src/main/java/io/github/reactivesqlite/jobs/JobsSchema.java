package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The module's tables and their versions. They have a history of their own: the application's
 * migrations are one strict sequence, into which a library cannot put numbers.
 */
final class JobsSchema {

  static final int VERSION = 2;

  private static final String HISTORY =
      "CREATE TABLE IF NOT EXISTS jobs_schema (version INTEGER PRIMARY KEY,"
          + " applied_at INTEGER NOT NULL)";

  /** A version may have to read all jobs; who calls it bounds the wait. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private JobsSchema() {}

  /** Each version is applied once, whoever starts first: the unit holds the write lock. */
  static Mono<Void> migrate(ReactiveDatabase db, long now) {
    return db.with(OperationOptions.labelled("jobs.migrate").executionTimeout(LONGEST))
        .write(session -> apply(session, now))
        .then();
  }

  private static int apply(WriteSession session, long now) throws IOException {
    session.update(HISTORY).execute();
    long found =
        session
            .query("SELECT coalesce(max(version), 0) FROM jobs_schema")
            .mapTo(Long.class)
            .one()
            .orElse(0L);
    if (found > VERSION) {
      throw new JobException(
          "The tables of the jobs are at version "
              + found
              + ", and this program knows versions up to "
              + VERSION
              + ": a newer program has been here. Use that one, or restore a backup");
    }
    for (int version = (int) found + 1; version <= VERSION; version++) {
      for (String statement : statements(version)) {
        session.update(statement).execute();
      }
      session
          .update("INSERT INTO jobs_schema (version, applied_at) VALUES (:version, :now)")
          .bind("version", version)
          .bind("now", now)
          .execute();
    }
    return VERSION;
  }

  private static List<String> statements(int version) throws IOException {
    String resource = "schema-" + version + ".sql";
    try (InputStream file = JobsSchema.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new UncheckedIOException(new IOException(resource + " is missing from the jar"));
      }
      List<String> statements = new ArrayList<>();
      for (String part : new String(file.readAllBytes(), StandardCharsets.UTF_8).split(";", -1)) {
        if (!part.isBlank()) {
          statements.add(part.strip());
        }
      }
      return statements;
    }
  }
}
