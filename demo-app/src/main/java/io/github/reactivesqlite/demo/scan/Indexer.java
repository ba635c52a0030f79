package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.WriteSession;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Writes files into the library, in the bulk lane, so that people's own writes overtake it. */
@Component
class Indexer {

  private static final RetryPolicy RETRY =
      RetryPolicy.retryBackoff(5, Duration.ofMillis(100), Duration.ofSeconds(2));

  /** What the library knows about a file. */
  record Known(String path, long size, Instant modified, String checksum) {

    boolean looksLike(FoundFile file) {
      return size == file.attributes().size()
          && modified.equals(TextFile.modified(file.attributes()));
    }
  }

  private final ReactiveDatabase indexing;
  private final ReactiveDatabase removing;
  private final ReactiveDatabase comparing;

  Indexer(ReactiveDatabase database) {
    this.indexing = database.with(OperationOptions.labelled("index-document").lane(Lane.BULK));
    this.removing = database.with(OperationOptions.labelled("remove-documents").lane(Lane.BULK));
    this.comparing = database.with(OperationOptions.labelled("compare-documents"));
  }

  /** All documents that are written completely, by path. */
  Mono<Map<String, Known>> known() {
    return comparing
        .query("SELECT path, size, modified, coalesce(checksum, '') AS checksum FROM document")
        .mapTo(Known.class)
        .all()
        .collectMap(Known::path);
  }

  /**
   * Writes one chunk as one unit: the document with the first, the paragraphs, and their entries in
   * the full-text index. Gives the number of rows it added to the two tables.
   */
  Mono<Integer> write(TextFile file, Chunk chunk) {
    return indexing
        .write(session -> writeChunk(session, file, chunk))
        .retryWhen(RETRY.onTransient());
  }

  /** Notes that a file has another time, although its content is the one that is known. */
  Mono<Long> touch(TextFile file) {
    return indexing
        .update("UPDATE document SET modified = :modified WHERE path = :path")
        .bind("modified", file.modified())
        .bind("path", file.name())
        .rowsUpdated()
        .retryWhen(RETRY.onTransient());
  }

  /** Removes documents, except those that somebody wrote notes about. Gives their number. */
  Mono<Integer> remove(Collection<String> paths) {
    return removing.write(session -> removeAll(session, paths)).retryWhen(RETRY.onTransient());
  }

  private static int writeChunk(WriteSession session, TextFile file, Chunk chunk) {
    boolean first = chunk.first() == 0;
    long document = first ? beginDocument(session, file, chunk) : idOf(session, file);
    WriteSession.SessionUpdate insert =
        session
            .update(
                "INSERT INTO paragraph (document_id, position, text)"
                    + " VALUES (:document, :position, :text)")
            .bind("document", document);
    int position = chunk.first();
    for (String text : chunk.paragraphs()) {
      insert.bind("position", position++).bind("text", text).execute();
    }
    session
        .update(
            "INSERT INTO paragraph_fts (rowid, text) SELECT id, text FROM paragraph"
                + " WHERE document_id = :document AND position >= :first")
        .bind("document", document)
        .bind("first", chunk.first())
        .execute();
    session
        .update(
            "UPDATE document SET paragraphs = :paragraphs, checksum = :checksum WHERE id = :document")
        .bind("paragraphs", chunk.end())
        .bind("checksum", chunk.last() ? file.checksum() : null)
        .bind("document", document)
        .execute();
    return chunk.paragraphs().size() + (first ? 1 : 0);
  }

  /** A document that was there before keeps its number, and so its notes. */
  private static long beginDocument(WriteSession session, TextFile file, Chunk chunk) {
    long document =
        session
            .update(
                """
                INSERT INTO document (path, title, size, modified, checksum, paragraphs, scanned_at)
                VALUES (:path, :title, :size, :modified, NULL, 0, :now)
                ON CONFLICT (path) DO UPDATE SET
                  title = excluded.title, size = excluded.size, modified = excluded.modified,
                  scanned_at = excluded.scanned_at
                RETURNING id
                """)
            .bind("path", file.name())
            .bind("title", file.title(chunk))
            .bind("size", file.size())
            .bind("modified", file.modified())
            .bind("now", Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .returning(Long.class)
            .one()
            .orElseThrow();
    removeParagraphs(session, List.of(document));
    return document;
  }

  private static long idOf(WriteSession session, TextFile file) {
    return session
        .query("SELECT id FROM document WHERE path = :path")
        .bind("path", file.name())
        .mapTo(Long.class)
        .one()
        .orElseThrow();
  }

  private static int removeAll(WriteSession session, Collection<String> paths) {
    List<Long> documents =
        session
            .query(
                "SELECT id FROM document WHERE path IN (:paths)"
                    + " AND NOT EXISTS (SELECT 1 FROM note WHERE document_id = document.id)")
            .bind("paths", paths)
            .mapTo(Long.class)
            .all();
    removeParagraphs(session, documents);
    session
        .update("DELETE FROM document WHERE id IN (:documents)")
        .bind("documents", documents)
        .execute();
    return documents.size();
  }

  /** The index has no text of its own, so it must be told what it forgets. */
  private static void removeParagraphs(WriteSession session, List<Long> documents) {
    session
        .update(
            "INSERT INTO paragraph_fts (paragraph_fts, rowid, text)"
                + " SELECT 'delete', id, text FROM paragraph WHERE document_id IN (:documents)")
        .bind("documents", documents)
        .execute();
    session
        .update("DELETE FROM paragraph WHERE document_id IN (:documents)")
        .bind("documents", documents)
        .execute();
  }
}
