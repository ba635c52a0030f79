package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** A database whose writes a test puts into one group. */
abstract class GroupsOfWrites {

  @TempDir Path directory;

  SqliteDatabase database;

  @BeforeEach
  void open() {
    database = open(directory.resolve("group.db"));
    run("CREATE TABLE item (id INTEGER PRIMARY KEY, who TEXT UNIQUE)");
  }

  static SqliteDatabase open(Path file) {
    return SqliteDatabase.builder(file)
        .config(config -> config.maxGroupTime(Duration.ofSeconds(30)).cacheSizeKib(64))
        .build();
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Queues the writes while the writer is occupied, so that they become one group. */
  final List<Outcome<?>> group(Mono<?>... writes) {
    List<Outcome<?>> outcomes = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      for (Mono<?> write : writes) {
        outcomes.add(Bounded.start(write));
      }
      writer.release();
    }
    outcomes.forEach(Outcome::get);
    return outcomes;
  }

  final Mono<Long> insert(String who) {
    return database.update("INSERT INTO item (who) VALUES (?)").bind(1, who).rowsUpdated();
  }

  final void run(String sql) {
    Bounded.get(database.update(sql).rowsUpdated());
  }

  final long count(String sql) {
    return Bounded.get(database.query(sql).mapTo(Long.class).one());
  }

  final List<String> who() {
    return Bounded.get(
        database.query("SELECT who FROM item ORDER BY id").mapTo(String.class).all().collectList());
  }
}
