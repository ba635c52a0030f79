package io.github.reactivesqlite.reliability.security;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Opens every database of a directory and does with it what an application does. Says in a line how
 * each step ended; a process of its own, as the worst ending is that of the process.
 */
final class HostileFileMain {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private HostileFileMain() {}

  public static void main(String[] args) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(args[0]))) {
      files = all.filter(file -> file.toString().endsWith(".db")).sorted().toList();
    }
    boolean always = Boolean.parseBoolean(args[1]);
    int number = 0;
    for (Path file : files) {
      boolean copied = always || number++ % 5 == 0;
      System.out.println("BEGIN " + file.getFileName());
      Map<String, String> steps = new LinkedHashMap<>();
      step(steps, "open", () -> attack(file, steps, copied));
      System.out.println("END " + file.getFileName() + " " + steps);
    }
    System.out.println("DONE " + files.size());
    System.exit(0);
  }

  private static void attack(Path file, Map<String, String> steps, boolean copied) {
    SqliteDatabase db =
        SqliteDatabase.builder(file)
            .config(config -> config.readers(2).executionTimeout(Duration.ofSeconds(3)))
            .build();
    try {
      query(db, steps, "count", "SELECT count(*) FROM item");
      query(db, steps, "scan", "SELECT sum(length(body)) + sum(length(extra)) FROM item");
      query(
          db, steps, "index", "SELECT count(*) FROM item WHERE body > 'row 1' AND body < 'row 3'");
      query(db, steps, "keyed", "SELECT sum(length(v)) FROM keyed");
      query(db, steps, "search", "SELECT count(*) FROM words WHERE words MATCH 'row'");
      query(db, steps, "view", "SELECT count(*) FROM v");
      query(db, steps, "schema", "SELECT count(*) FROM sqlite_schema");
      update(db, steps, "insert", "INSERT INTO item(body, extra) VALUES ('new', 1)");
      update(db, steps, "update", "UPDATE item SET extra = 2 WHERE id % 7 = 0");
      update(db, steps, "delete", "DELETE FROM item WHERE id % 5 = 0");
      step(steps, "check", () -> get(db.maintenance().integrityCheck()));
      step(steps, "analyze", () -> get(db.maintenance().analyze()));
      if (copied) {
        step(steps, "backup", () -> backup(db, file));
        step(steps, "vacuum", () -> get(db.maintenance().vacuum()));
      }
    } finally {
      step(steps, "close", () -> get(db.closeGracefully()));
    }
  }

  private static void backup(SqliteDatabase db, Path file) {
    get(db.maintenance().backup(file.resolveSibling(file.getFileName() + ".copy")).then());
  }

  private static void query(SqliteDatabase db, Map<String, String> steps, String step, String sql) {
    step(steps, step, () -> get(db.query(sql).map(row -> 1).all().then()));
  }

  private static void update(
      SqliteDatabase db, Map<String, String> steps, String step, String sql) {
    step(steps, step, () -> get(db.update(sql).rowsUpdated()));
  }

  private static void get(Mono<?> mono) {
    mono.block(PATIENCE);
  }

  private static void step(Map<String, String> steps, String name, Runnable action) {
    try {
      action.run();
      steps.put(name, "ok");
    } catch (DatabaseException e) {
      steps.put(name, e.getClass().getSimpleName());
    } catch (RuntimeException | Error e) {
      System.out.println("UNTYPED " + name + " " + e);
      steps.put(name, "UNTYPED");
    }
  }
}
