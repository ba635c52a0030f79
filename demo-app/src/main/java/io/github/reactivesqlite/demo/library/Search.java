package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import java.util.List;
import org.springframework.stereotype.Component;
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

  Search(ReactiveDatabase database) {
    this.database = database.with(OperationOptions.labelled("search"));
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
            database
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
                .bind("limit", limit + 1)
                .mapTo(MarkedHit.class)
                .all()
                .map(MarkedHit::unmarked)
                .collectList()
                .map(hits -> result(typed, limit, hits)));
  }

  private static SearchResult result(String typed, int limit, List<SearchHit> hits) {
    boolean more = hits.size() > limit;
    return new SearchResult(typed, more, more ? hits.subList(0, limit) : hits);
  }
}
