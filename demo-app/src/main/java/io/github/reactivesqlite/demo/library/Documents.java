package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.ReadSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads documents. */
@Component
public class Documents {

  private static final String COLUMNS =
      "SELECT id, path, title, size, modified, paragraphs, scanned_at FROM document ";

  /** How often a page that is open is given another answer, at most. */
  static final Duration LIVE_PACE = Duration.ofMillis(500);

  private final ReactiveDatabase listing;
  private final ReactiveDatabase exporting;
  private final ReactiveDatabase showing;
  private final ReactiveDatabase watching;

  Documents(ReactiveDatabase database) {
    this.watching =
        database.with(OperationOptions.labelled("watch-documents").liveInterval(LIVE_PACE));
    this.listing = database.with(OperationOptions.labelled("list-documents"));
    this.exporting = database.with(OperationOptions.labelled("export-documents"));
    this.showing = database.with(OperationOptions.labelled("show-document"));
  }

  /**
   * Lists documents by path. Two queries that see one state.
   *
   * @param page number of the page, from 0
   * @param size the most documents on it
   * @return the page
   */
  public Mono<DocumentPage> page(int page, int size) {
    return listing.read(
        session -> {
          long total =
              session.query("SELECT count(*) FROM document").mapTo(Long.class).one().orElse(0L);
          List<DocumentSummary> documents =
              session
                  .query(COLUMNS + "ORDER BY path LIMIT :size OFFSET :offset")
                  .bind("size", size)
                  .bind("offset", (long) page * size)
                  .mapTo(DocumentSummary.class)
                  .all();
          return new DocumentPage(page, size, total, (total + size - 1) / size, documents);
        });
  }

  /**
   * A page of documents, and the same page again when documents came, changed or went: twice a
   * second at most.
   *
   * @param page number of the page, from 0
   * @param size the most documents on it
   * @return the page, again and again; endless
   */
  public Flux<DocumentPage> livePage(int page, int size) {
    return watching
        .query("SELECT count(*) FROM document")
        .mapTo(Long.class)
        .live()
        .concatMap(total -> page(page, size), 1);
  }

  /**
   * All documents, read as fast as the subscriber takes them.
   *
   * @return the documents by path
   */
  public Flux<DocumentSummary> all() {
    return exporting.query(COLUMNS + "ORDER BY path").mapTo(DocumentSummary.class).all();
  }

  /**
   * One document with a part of its text.
   *
   * @param id its number
   * @param from position of the first paragraph, from 0
   * @param count the most paragraphs
   * @return the document; empty if there is none
   */
  public Mono<DocumentText> text(long id, int from, int count) {
    return showing
        .<Optional<DocumentText>>read(
            session ->
                session
                    .query(COLUMNS + "WHERE id = :id")
                    .bind("id", id)
                    .mapTo(DocumentSummary.class)
                    .one()
                    .map(document -> withText(session, document, from, count)))
        .flatMap(Mono::justOrEmpty);
  }

  private static DocumentText withText(
      ReadSession session, DocumentSummary document, int from, int count) {
    List<String> paragraphs =
        session
            .query(
                "SELECT text FROM paragraph WHERE document_id = :id AND position >= :from"
                    + " ORDER BY position LIMIT :count")
            .bind("id", document.id())
            .bind("from", from)
            .bind("count", count)
            .mapTo(String.class)
            .all();
    return new DocumentText(document, from, paragraphs, Notes.of(session, document.id()));
  }
}
