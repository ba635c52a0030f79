package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.ReadSession;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes notes: short writes that overtake a running scan. */
@Component
public class Notes {

  private static final int MOST = 200;
  private static final String OF_DOCUMENT =
      "SELECT id, document_id, text, created_at FROM note WHERE document_id = :id"
          + " ORDER BY id DESC LIMIT :count";

  private final ReactiveDatabase database;
  private final ReactiveDatabase watching;
  private final Clock clock = Clock.systemUTC();

  Notes(ReactiveDatabase database) {
    this.database = database.with(OperationOptions.labelled("add-note").lane(Lane.INTERACTIVE));
    this.watching = database.with(OperationOptions.labelled("watch-notes"));
  }

  static List<Note> of(ReadSession session, long documentId) {
    return session
        .query(OF_DOCUMENT)
        .bind("id", documentId)
        .bind("count", MOST)
        .mapTo(Note.class)
        .all();
  }

  /**
   * The notes on a document, and again after each new one.
   *
   * @param documentId the document's number
   * @return the latest first; endless
   */
  public Flux<List<Note>> live(long documentId) {
    return watching
        .query(OF_DOCUMENT)
        .bind("id", documentId)
        .bind("count", MOST)
        .mapTo(Note.class)
        .live();
  }

  /**
   * Writes a note.
   *
   * @param documentId the document it is about
   * @param text the note
   * @return the note as it was committed; fails with a constraint violation if there is no such
   *     document
   */
  public Mono<Note> add(long documentId, String text) {
    return Mono.defer(
        () ->
            database
                .update(
                    "INSERT INTO note (document_id, text, created_at)"
                        + " VALUES (:document, :text, :now)"
                        + " RETURNING id, document_id, text, created_at")
                .bind("document", documentId)
                .bind("text", text)
                .bind("now", Instant.now(clock).truncatedTo(ChronoUnit.MILLIS))
                .returning(Note.class)
                .one());
  }
}
