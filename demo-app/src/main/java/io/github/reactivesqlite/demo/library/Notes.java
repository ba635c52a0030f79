package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Writes notes: short writes that overtake a running scan. */
@Component
public class Notes {

  private final ReactiveDatabase database;
  private final Clock clock = Clock.systemUTC();

  Notes(ReactiveDatabase database) {
    this.database = database.with(OperationOptions.labelled("add-note").lane(Lane.INTERACTIVE));
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
