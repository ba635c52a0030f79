package io.github.reactivesqlite.reliability.system;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The program of {@link NoThreadsTest}: a command a line, an answer a line. */
final class StarvedMain {

  static final String ANSWER = "answer ";
  private static final Duration ACQUIRE = Duration.ofSeconds(15);
  private static final int DUE_FRAMES = 8;

  private StarvedMain() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Path file = Path.of(arguments[0]);
    try (SqliteDatabase database =
        SqliteDatabase.builder(file)
            .config(
                config -> config.readers(2).acquireTimeout(ACQUIRE).walCheckpointFrames(DUE_FRAMES))
            .build()) {
      startTheThreadsOfReactor();
      System.out.println(ANSWER + "ready");
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        System.out.println(ANSWER + obey(database, file, line));
      }
    }
  }

  /** They are not the library's, and an application has started them long before. */
  private static void startTheThreadsOfReactor() {
    int several = 4 * Schedulers.DEFAULT_POOL_SIZE;
    CountDownLatch ran = new CountDownLatch(several);
    for (int i = 0; i < several; i++) {
      Schedulers.parallel().schedule(ran::countDown);
    }
    Bounded.await(ran);
  }

  private static String obey(SqliteDatabase database, Path file, String command) {
    return switch (command) {
      case "table" -> told(database.script("CREATE TABLE item (n INTEGER)"));
      case "wal" -> told(database.maintenance().walSize());
      case "until checkpointed" -> {
        told(database.update("INSERT INTO item VALUES (1)").rowsUpdated());
        Bounded.until("the log is checkpointed", () -> isCheckpointed(database));
        yield "done";
      }
      case "release" -> told(database.maintenance().releaseIdle());
      case "read" -> told(database.query("SELECT count(*) FROM item").mapTo(Long.class).one());
      case "write" -> told(database.update("INSERT INTO item VALUES (1)").rowsUpdated());
      case "check" -> told(database.maintenance().integrityCheck());
      case "backup" -> told(database.maintenance().backup(copyOf(file)).then());
      case "active" -> {
        // A reader is at work for a moment after its answer
        Bounded.until("no reader is at work", () -> database.stats().reads().active() == 0);
        yield "0";
      }
      default -> throw new IllegalArgumentException(command);
    };
  }

  /** A write after the log was copied starts it over, so it is left alone when it is due. */
  private static boolean isCheckpointed(SqliteDatabase database) {
    WalSize size = Objects.requireNonNull(Bounded.get(database.maintenance().walSize()));
    if (size.frames() < DUE_FRAMES) {
      told(database.update("INSERT INTO item VALUES (1)").rowsUpdated());
    }
    return size.checkpointedFrames() > 0;
  }

  private static Path copyOf(Path file) {
    return file.resolveSibling("copy-" + System.nanoTime() + ".db");
  }

  private static String told(Mono<?> operation) {
    long begun = System.nanoTime();
    String answer;
    try {
      Bounded.get(operation.then());
      answer = "done";
    } catch (DatabaseException refused) {
      answer = refused.getClass().getSimpleName() + ": " + refused.getMessage();
    } catch (Throwable other) {
      answer = other.toString();
    }
    return answer + " in " + (System.nanoTime() - begun) / 1_000_000 + " ms";
  }
}
