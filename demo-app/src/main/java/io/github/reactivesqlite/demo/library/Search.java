package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.ReactiveDatabase;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Full-text search over the paragraphs. */
@Component
public class Search {

  private static final int SNIPPET_WORDS = 32;

  /** A hit as the statement gives it. */
  record MarkedHit(long documentId, String path, String title, int position, String snippet) {

    SearchHit unmarked() {
      return new SearchHit(documentId, path, title, position, Snippets.segments(snippet));
    }
  }

  private final ReactiveDatabase database;
  private final ReactiveDatabase watched;

  Search(ReactiveDatabase database) {
    this.database = database.with(OperationOptions.labelled("search"));
    this.watched =
        database.with(OperationOptions.labelled("live-search").liveInterval(Documents.LIVE_PACE));
  }

  /**
   * Finds paragraphs that have all words.
   *
   * @param typed the words
   * @param limit the most hits
   * @return the best hits
   */
  public Mono<SearchResult> find(String typed, int limit) {
    return Mono.defer(
        () ->
            query(database, typed, limit)
                .mapTo(MarkedHit.class)
                .all()
                .collectList()
                .map(hits -> result(typed, limit, hits)));
  }

  /**
   * Finds paragraphs that have all words, and looks again when there are other texts: twice a
   * second at most.
   *
   * @param typed the words
   * @param limit the most hits
   * @return the best hits, again and again; endless
   * @throws RejectedException if there is no word in what was typed
   */
  public Flux<SearchResult> live(String typed, int limit) {
    return query(watched, typed, limit)
        .mapTo(MarkedHit.class)
        .live()
        .map(hits -> result(typed, limit, hits));
  }

  private static Query query(ReactiveDatabase database, String typed, int limit) {
    return database
        .query(
            """
            SELECT d.id AS document_id, d.path, d.title, p.position, hit.snippet
            FROM (
              SELECT rowid AS id, rank AS score,
                     snippet(paragraph_fts, 0, :open, :close, '…', :words) AS snippet
              FROM paragraph_fts WHERE paragraph_fts MATCH :query
              ORDER BY rank LIMIT :limit
            ) AS hit
            JOIN paragraph AS p ON p.id = hit.id
            JOIN document AS d ON d.id = p.document_id
            ORDER BY hit.score, p.id
            """)
        .bind("open", Snippets.OPEN)
        .bind("close", Snippets.CLOSE)
        .bind("words", SNIPPET_WORDS)
        .bind("query", FtsQuery.of(typed))
        .bind("limit", limit + 1);
  }

  private static SearchResult result(String typed, int limit, List<MarkedHit> hits) {
    List<SearchHit> shown = hits.stream().limit(limit).map(MarkedHit::unmarked).toList();
    return new SearchResult(typed, hits.size() > limit, shown);
  }
}
