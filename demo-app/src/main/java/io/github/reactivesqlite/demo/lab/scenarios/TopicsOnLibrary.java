package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.WriteSession.SessionUpdate;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Trial;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The content generator on reactive-sqlite: content first, then one unit per batch. */
final class TopicsOnLibrary implements Step.Side {

  private static final String GENERATE_INSIDE = "generate-inside";
  private static final Duration SLOW = Duration.ofMillis(1_100);

  @Override
  public void run(Trial trial) {
    try (MeasuredDatabase measured =
        MeasuredDatabase.open(trial.file("topics.db"), trial.tally())) {
      SqliteDatabase db = measured.db();
      db.script(String.join(";", Topics.SCHEMA)).block(MeasuredDatabase.BOUND);
      db.batch("INSERT INTO topic VALUES (?1, 0)")
          .execute(Flux.range(0, trial.workers()), (row, topic) -> row.bind(1, topic))
          .blockLast(MeasuredDatabase.BOUND);
      measured.begin();
      trial.begin();
      Flux.range(0, trial.workers())
          .flatMap(topic -> batches(trial, measured, topic), trial.workers())
          .blockLast(trial.duration().plus(MeasuredDatabase.BOUND));
      trial.end();
      measured.countConnections();
      measured.figures();
      holdOnce(db);
      reportedHolds(trial, measured);
    }
  }

  private static Flux<Long> batches(Trial trial, MeasuredDatabase measured, int topic) {
    SqliteDatabase db = measured.db();
    return Mono.delay(Topics.GENERATION.multipliedBy(Topics.BATCH))
        .then(measured.timed(db.write(session -> save(session, topic))))
        // What the page of the topic shows
        .then(
            db.query("SELECT items FROM topic WHERE id = ?").bind(1, topic).mapTo(Long.class).one())
        .repeat(trial::running);
  }

  private static int save(WriteSession session, int topic) {
    long next =
        session
            .query("SELECT coalesce(max(seq), 0) + 1 FROM item WHERE topic_id = ?1")
            .bind(1, topic)
            .mapTo(Long.class)
            .one()
            .orElseThrow();
    SessionUpdate item =
        session.update("INSERT INTO item (topic_id, seq, body) VALUES (?1, ?2, ?3)");
    SessionUpdate keyword = session.update("INSERT INTO keyword VALUES (last_insert_rowid(), ?1)");
    for (int i = 0; i < Topics.BATCH; i++) {
      item.bind(1, topic).bind(2, next + i).bind(3, TopicContent.body(topic, next + i)).execute();
      TopicContent.keywords(topic, next + i).forEach(word -> keyword.bind(1, word).execute());
    }
    session
        .update("UPDATE topic SET items = items + ?1 WHERE id = ?2")
        .bind(1, Topics.BATCH)
        .bind(2, topic)
        .execute();
    return Topics.BATCH;
  }

  /** The mistake of old, once, when nothing is measured any more: is it reported? */
  private static void holdOnce(SqliteDatabase db) {
    db.with(OperationOptions.labelled(GENERATE_INSIDE))
        .withTransaction(
            transaction ->
                transaction
                    .update("UPDATE topic SET items = items WHERE id = 0")
                    .rowsUpdated()
                    .then(Mono.delay(SLOW)))
        // What is behind it in the queue finds it recorded
        .then(db.update("UPDATE topic SET items = items WHERE id = 0").rowsUpdated())
        .block(MeasuredDatabase.BOUND);
  }

  private static void reportedHolds(Trial trial, MeasuredDatabase measured) {
    Timer holds =
        measured
            .meters()
            .find(MeterNames.WRITER_HOLD)
            .tag(MeterNames.TAG_LABEL, GENERATE_INSIDE)
            .timer();
    boolean reported = holds != null && holds.max(TimeUnit.MILLISECONDS) >= 1_000;
    trial.tally().add(Metric.HOLDS_REPORTED, reported ? 1 : 0);
  }
}
