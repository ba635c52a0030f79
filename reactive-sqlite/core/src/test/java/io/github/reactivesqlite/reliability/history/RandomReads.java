package io.github.reactivesqlite.reliability.history;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Row;
import io.github.reactivesqlite.Snapshot;
import io.github.reactivesqlite.reliability.history.Asking.Expected;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** Reads: every way of reading that the library has. */
final class RandomReads {

  /** The end of the table only, so that a read costs the same however long the history is. */
  private static final String ENTRIES =
      """
      SELECT coalesce(max(seq), :after) AS last, :after + count(*) AS number
      FROM entry WHERE seq > :after
      """;

  private static final String LEFT = "SELECT sum(n) FROM left_side";
  private static final String RIGHT = "SELECT sum(n) FROM right_side";

  /** Both sides, and between them the end of the table: they fit together in one state only. */
  private static final String STREAM =
      """
      SELECT 'left' AS what, n FROM left_side
      UNION ALL SELECT 'entry' AS what, seq AS n FROM entry WHERE seq > :after
      UNION ALL SELECT 'right' AS what, n FROM right_side
      """;

  private static final int TAIL = 700;

  private final ReactiveDatabase database;
  private final Asking asking;
  private final RecentUnits recent;
  private final AtomicLong seen = new AtomicLong();

  RandomReads(ReactiveDatabase database, Asking asking, RecentUnits recent) {
    this.database = database;
    this.asking = asking;
    this.recent = recent;
  }

  Mono<Void> any(Random random) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> look(entries());
      case 2 -> look(unit());
      case 3 -> look(snapshot(Duration.ofNanos(random.nextInt(5_000_000))));
      case 4 -> look(stream(1 + random.nextInt(64)));
      case 5, 6 -> unit(random);
      case 7, 8 -> row(random.nextInt(HistoryFile.ROWS));
      default -> counter(random.nextInt(HistoryFile.COUNTERS));
    };
  }

  private Mono<Void> look(Mono<String> work) {
    return look(Kind.LOOK, "of=entries", work);
  }

  private Mono<Void> look(Kind kind, String asked, Mono<String> work) {
    return asking.ask(Operation.ANYBODY, kind, Expected.SUCCESS, asked, id -> work);
  }

  private Mono<String> entries() {
    return Mono.defer(
        () -> database.query(ENTRIES).bind("after", beforeTail()).map(this::told).one());
  }

  private long beforeTail() {
    return Math.max(0, seen.get() - TAIL);
  }

  private String told(Row row) {
    long last = row.getLong("last");
    seen.accumulateAndGet(last, Math::max);
    return "max=" + last + " count=" + row.getLong("number");
  }

  private Mono<String> unit() {
    return database.read(
        session -> {
          long left = session.query(LEFT).mapTo(Long.class).one().orElseThrow();
          String told =
              session
                  .query(ENTRIES)
                  .bind("after", beforeTail())
                  .map(this::told)
                  .one()
                  .orElseThrow();
          long right = session.query(RIGHT).mapTo(Long.class).one().orElseThrow();
          return told + " left=" + left + " right=" + right;
        });
  }

  /** One query after another with time between them, and the first one again. */
  private Mono<String> snapshot(Duration pause) {
    return database.withSnapshot(
        snapshot ->
            snapshot
                .query(ENTRIES)
                .bind("after", beforeTail())
                .map(this::told)
                .one()
                .flatMap(
                    told ->
                        sum(snapshot, LEFT)
                            .delayElement(pause)
                            .flatMap(
                                left ->
                                    sum(snapshot, RIGHT)
                                        .map(right -> " left=" + left + " right=" + right))
                            .flatMap(
                                sides ->
                                    snapshot
                                        .query("SELECT coalesce(max(seq), 0) FROM entry")
                                        .mapTo(Long.class)
                                        .one()
                                        .map(again -> told + sides + " again=" + again))));
  }

  private static Mono<Long> sum(Snapshot snapshot, String sql) {
    return snapshot.query(sql).mapTo(Long.class).one();
  }

  /** More rows than are read at once, asked for a few at a time. */
  private Mono<String> stream(int atATime) {
    return Mono.defer(
        () -> {
          long after = beforeTail();
          return database
              .query(STREAM)
              .bind("after", after)
              .mapTo(Streamed.class)
              .all()
              .limitRate(atATime)
              .collectList()
              .map(rows -> told(rows, after));
        });
  }

  private static String told(List<Streamed> rows, long after) {
    long max = after;
    long count = after;
    long left = 0;
    long right = 0;
    for (Streamed row : rows) {
      switch (row.what()) {
        case "left" -> left += row.n();
        case "right" -> right += row.n();
        default -> {
          max = row.n();
          count++;
        }
      }
    }
    return "max=" + max + " count=" + count + " left=" + left + " right=" + right;
  }

  record Streamed(String what, long n) {}

  private Mono<Void> unit(Random random) {
    String unit = recent.any(random);
    if (unit == null) {
      return Mono.empty();
    }
    return look(
        Kind.LOOK_UNIT,
        "unit=" + unit,
        database
            .query("SELECT count(*) FROM entry WHERE unit = :unit")
            .bind("unit", unit)
            .mapTo(Long.class)
            .one()
            .map(rows -> "rows=" + rows));
  }

  private Mono<Void> row(int row) {
    return look(
        Kind.LOOK_ROW,
        "row=" + row,
        database
            .query("SELECT version, writer FROM versioned WHERE id = :id")
            .bind("id", row)
            .map(
                found ->
                    "version=" + found.getLong("version") + " writer=" + found.getString("writer"))
            .one());
  }

  private Mono<Void> counter(int counter) {
    return look(
        Kind.LOOK_COUNTER,
        "counter=" + counter,
        database
            .query("SELECT n FROM counter WHERE id = :id")
            .bind("id", counter)
            .mapTo(Long.class)
            .one()
            .map(n -> "n=" + n));
  }
}
