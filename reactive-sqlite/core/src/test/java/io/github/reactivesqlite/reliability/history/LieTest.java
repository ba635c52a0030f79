package io.github.reactivesqlite.reliability.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The checker is worth what it finds: the same client, log and rules as in {@link HistoryTest},
 * with a library between them that breaks its word.
 */
@Tag("reliability")
@Tag("process")
class LieTest {

  private static final int OPERATIONS = Scale.of(1_500, 10_000);

  /** A lie comes out by chance: it is given more time until it does. */
  private static final int FIRST_OPERATIONS = 300;

  private static final int LAST_OPERATIONS = 20_000;

  @TempDir Path directory;

  @Test
  void theTruthIsBelieved() throws Exception {
    assertThat(violations(null, OPERATIONS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Lie.class)
  void everyLieIsFoundOut(Lie lie) throws Exception {
    Map<Rule, Long> broken = Map.of();
    int operations = FIRST_OPERATIONS;
    while (!broken.containsKey(lie.broken()) && operations < LAST_OPERATIONS) {
      broken =
          violations(lie, operations).stream()
              .collect(Collectors.groupingBy(Violation::rule, TreeMap::new, Collectors.counting()));
      operations *= 2;
    }
    System.out.printf("lie: %s is found out in %d operations: %s%n", lie, operations / 2, broken);
    assertThat(broken).containsKey(lie.broken());
  }

  private List<Violation> violations(@Nullable Lie lie, int operations) throws Exception {
    Path path = directory.resolve("life-" + operations + ".log");
    Content content;
    try (HistoryLog log = new HistoryLog(path);
        SqliteDatabase database =
            SqliteDatabase.open(directory.resolve("told-" + operations + ".db"))) {
      HistoryFile.create(database);
      live(database, lie, log, operations);
      content = HistoryFile.read(database);
    }
    return HistoryChecker.judge(new History().addLog(path), content);
  }

  private static void live(
      SqliteDatabase database, @Nullable Lie lie, HistoryLog log, int operations) throws Exception {
    Asking asking = lie == null ? new Asking(log, "one") : new LyingAsking(log, "one", lie);
    HistoryClient client = new HistoryClient(told(database, lie), asking, new Random());
    CompletableFuture<Void> end = client.live().toFuture();
    Bounded.until("enough is asked for", () -> end.isDone() || asking.asked() >= operations);
    client.stop();
    end.get(Bounded.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    // Whatever was acknowledged early comes before it on the writer
    Bounded.get(database.update("UPDATE counter SET n = n").rowsUpdated());
  }

  private static ReactiveDatabase told(ReactiveDatabase database, @Nullable Lie lie) {
    if (lie == Lie.TEARS_SNAPSHOTS) {
      return TornReads.snapshots(database);
    }
    return lie == Lie.TEARS_STREAMS ? TornReads.streams(database) : database;
  }
}
