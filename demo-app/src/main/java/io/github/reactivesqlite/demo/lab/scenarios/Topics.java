package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.Expectation;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Scenario;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A content generator: many threads, transactions held open while content is generated. */
final class Topics implements Scenario {

  /** Asking a model or a service for one item. Seconds in the application, scaled here. */
  static final Duration GENERATION = Duration.ofMillis(10);

  static final int BATCH = 5;
  static final int KEYWORDS = 3;

  static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE topic (id INTEGER PRIMARY KEY, items INTEGER NOT NULL)",
          "CREATE TABLE item (id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, seq INTEGER NOT"
              + " NULL, body TEXT NOT NULL)",
          "CREATE TABLE keyword (item_id INTEGER NOT NULL, word TEXT NOT NULL)",
          "CREATE INDEX item_topic ON item (topic_id, seq)");

  /** What all applications asked for, on every connection. */
  static final List<String> SETTINGS =
      List.of(
          "journal_mode=WAL",
          "synchronous=NORMAL",
          "cache_size=-64000",
          "temp_store=MEMORY",
          "mmap_size=268435456",
          "wal_autocheckpoint=1000",
          "foreign_keys=ON");

  private static final PlainJdbc WITH_SETTINGS = new PlainJdbc(30_000, SETTINGS);

  private static final LockRetries AS_IT_WAS =
      new LockRetries(3, Duration.ofMillis(100), 1, Duration.ofMillis(100), Duration.ZERO);

  private static final LockRetries BACKOFF =
      new LockRetries(9, Duration.ofMillis(50), 2, Duration.ofSeconds(2), Duration.ofMillis(50));

  private static final TopicsOnJdbc BEFORE =
      new TopicsOnJdbc(PlainJdbc.DRIVER_DEFAULTS, AS_IT_WAS, false);

  @Override
  public String name() {
    return "topics";
  }

  @Override
  public String title() {
    return "Content generator";
  }

  @Override
  public String story() {
    return "17 topics are filled by as many threads in batches of 5 items, each with several INSERTs,"
        + " on pooled and unpooled connections mixed. A transaction reads where the topic stands and"
        + " stays open while content is generated. On a lock it is tried again up to 3 times.";
  }

  @Override
  public String operation() {
    return "batch of 5 items";
  }

  @Override
  public int defaultWorkers() {
    return 17;
  }

  @Override
  public int defaultSeconds() {
    return 6;
  }

  @Override
  public List<Step> steps() {
    return List.of(Step.before(BEFORE), Step.after(new TopicsOnLibrary()));
  }

  @Override
  public List<Step> ladder() {
    return List.of(
        new Step("as it was", Step.Kind.BEFORE, null, BEFORE),
        between("+ settings", "20–30 % better", new TopicsOnJdbc(WITH_SETTINGS, AS_IT_WAS, false)),
        between("+ backoff", "10–15 % better", new TopicsOnJdbc(WITH_SETTINGS, BACKOFF, false)),
        between(
            "+ batching",
            "50–70 % less contention",
            new TopicsOnJdbc(WITH_SETTINGS, BACKOFF, true)),
        new Step(
            "+ single writer", Step.Kind.AFTER, "90 % less contention", new TopicsOnLibrary()));
  }

  private static Step between(String name, String estimate, Step.Side side) {
    return new Step(name, Step.Kind.BETWEEN, estimate, side);
  }

  @Override
  public List<Metric> table() {
    return List.of(
        Metric.OPERATIONS,
        Metric.RATE,
        Metric.LOCK_ERRORS,
        Metric.LOCK_ERRORS_PER_100,
        Metric.RETRIES,
        Metric.GIVEN_UP,
        Metric.WRITE_P50,
        Metric.WRITE_P99,
        Metric.WRITE_MAX,
        Metric.HOLD_MAX,
        Metric.COMMIT_MAX,
        Metric.HOLDS_REPORTED,
        Metric.COMMITS_PER_100,
        Metric.CONNECTIONS);
  }

  @Override
  public List<Metric> chart() {
    return List.of(Metric.RATE, Metric.LOCK_ERRORS_PER_100, Metric.WRITE_P99);
  }

  @Override
  public List<Expectation> expectations() {
    return List.of(
        Expectation.atLeast(Metric.OPERATIONS, 1),
        Expectation.none(Metric.LOCK_ERRORS),
        Expectation.none(Metric.RETRIES),
        Expectation.none(Metric.GIVEN_UP),
        Expectation.below(Metric.WRITE_P99, 20),
        Expectation.atLeast(Metric.HOLDS_REPORTED, 1),
        Expectation.atMost(Metric.COMMITS_PER_100, 100),
        // Writer, readers, maintenance
        Expectation.exactly(Metric.CONNECTIONS, 1 + SqliteDefaults.READERS + 1));
  }

  @Override
  public Map<Metric, String> reported() {
    return Map.of(
        Metric.LOCK_ERRORS, "warnings on every batch",
        Metric.RETRIES, "1–3 per batch",
        Metric.WRITE_P50, "100–500 ms",
        Metric.HOLD_MAX, "open while content is generated");
  }
}
