package io.github.reactivesqlite.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.process.OpenDescriptors;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The content generator that met a lock in every batch: 17 topics, each with a thread of its own,
 * write articles in batches of five with several INSERTs each. Its content is generated outside of
 * the unit, where it used to hold a transaction open.
 */
class TopicsScenarioTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int TOPICS = 17;
  private static final int BATCHES = 20;
  private static final int ARTICLES = 5;
  private static final int READERS = 3;
  private static final int SECTIONS = 3;

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newFixedThreadPool(TOPICS);
  private final ConcurrentLinkedQueue<Long> writeNanos = new ConcurrentLinkedQueue<>();
  private Path file;
  private SqliteDatabase database;

  @BeforeEach
  void open() {
    file = directory.resolve("topics.db");
    database = SqliteDatabase.builder(file).config(c -> c.readers(READERS)).build();
    database
        .script(
            """
            CREATE TABLE topic (id INTEGER PRIMARY KEY, name TEXT UNIQUE, articles INTEGER NOT NULL);
            CREATE TABLE article (
              id INTEGER PRIMARY KEY, topic INTEGER NOT NULL REFERENCES topic (id), title TEXT);
            CREATE TABLE section (
              article INTEGER NOT NULL REFERENCES article (id), position INTEGER, body TEXT,
              PRIMARY KEY (article, position)) WITHOUT ROWID;
            """)
        .block(SOON);
    Flux.range(1, TOPICS)
        .concatMap(
            id ->
                database
                    .update("INSERT INTO topic VALUES (?, ?, 0)")
                    .bind(1, id)
                    .bind(2, "topic " + id)
                    .rowsUpdated())
        .blockLast(SOON);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    database.close();
  }

  @Test
  void seventeenTopicsMeetNoLock() throws Exception {
    DatabaseStats before = database.stats();

    List<Future<?>> topics = new ArrayList<>();
    for (int topic = 1; topic <= TOPICS; topic++) {
      int id = topic;
      topics.add(threads.submit(() -> writeTopic(id)));
    }
    int connections = 0;
    for (Future<?> topic : topics) {
      topic.get(60, TimeUnit.SECONDS);
      connections = Math.max(connections, OpenDescriptors.countOf(file));
    }

    DatabaseStats stats = database.stats().since(before);
    int batches = TOPICS * BATCHES;
    System.out.printf(
        "%d batches in %d commits, %d connections, write p99 %.1f ms%n",
        batches, stats.writes().commits(), connections, p99Millis());
    assertThat(stats.lock().retries()).isZero();
    assertThat(stats.lock().failures()).isZero();
    assertThat(stats.writes().failedUnits()).isZero();
    assertThat(stats.writes().committedUnits()).isEqualTo(batches);
    assertThat(stats.writes().commits()).isBetween(1L, (long) batches);
    assertThat(connections).isLessThanOrEqualTo(1 + READERS + 1);
    everyArticleIsThere();
  }

  private void writeTopic(int topic) {
    Random random = new Random(topic);
    ReactiveDatabase labelled = database.with(OperationOptions.labelled("topic batch"));
    for (int batch = 0; batch < BATCHES; batch++) {
      List<String> titles = generate(topic, batch, random).blockOptional(SOON).orElseThrow();
      long begun = System.nanoTime();
      labelled.write(session -> save(session, topic, titles)).block(SOON);
      writeNanos.add(System.nanoTime() - begun);
      Long mine =
          database
              .query("SELECT count(*) FROM article WHERE topic = ?")
              .bind(1, topic)
              .mapTo(Long.class)
              .one()
              .block(SOON);
      assertThat(mine).isEqualTo((batch + 1L) * ARTICLES);
    }
  }

  /** Slow, as asking a model for content is; nothing in the database waits for it. */
  private static Mono<List<String>> generate(int topic, int batch, Random random) {
    return Flux.range(1, ARTICLES)
        .map(number -> "article " + number + " of batch " + batch + " on topic " + topic)
        .collectList()
        .delayElement(Duration.ofMillis(random.nextInt(15)));
  }

  private static long save(WriteSession session, int topic, List<String> titles) {
    for (String title : titles) {
      long article =
          session
              .update("INSERT INTO article (topic, title) VALUES (?, ?) RETURNING id")
              .bind(1, topic)
              .bind(2, title)
              .returning(Long.class)
              .one()
              .orElseThrow();
      for (int position = 1; position <= SECTIONS; position++) {
        session
            .update("INSERT INTO section VALUES (?, ?, ?)")
            .bind(1, article)
            .bind(2, position)
            .bind(3, title + ", section " + position)
            .execute();
      }
    }
    return session
        .update("UPDATE topic SET articles = articles + ? WHERE id = ?")
        .bind(1, titles.size())
        .bind(2, topic)
        .execute();
  }

  private void everyArticleIsThere() {
    long articles = (long) TOPICS * BATCHES * ARTICLES;
    assertThat(number("SELECT count(*) FROM article")).isEqualTo(articles);
    assertThat(number("SELECT count(*) FROM section")).isEqualTo(articles * SECTIONS);
    assertThat(number("SELECT sum(articles) FROM topic")).isEqualTo(articles);
  }

  private long number(String sql) {
    return database.query(sql).mapTo(Long.class).one().blockOptional(SOON).orElseThrow();
  }

  private double p99Millis() {
    List<Long> sorted = writeNanos.stream().sorted().toList();
    return sorted.get((int) (sorted.size() * 0.99)) / 1e6;
  }
}
