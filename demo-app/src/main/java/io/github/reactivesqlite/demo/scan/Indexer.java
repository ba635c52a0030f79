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

/**
 * The statements that bring files into the library and out of it. Texts go through the bulk lane,
 * so that people's own writes overtake them; what a scan has done is counted in the unit that does
 * it, and so exactly once.
 */
@Component
class Indexer {

  /** Of the writes of a job. When it is over, the job itself is tried again. */
  static final RetryPolicy RETRY =
      RetryPolicy.retryBackoff(5, Duration.ofMillis(100), Duration.ofSeconds(2));

  private final ReactiveDatabase indexing;
  private final ReactiveDatabase removing;
  private final ReactiveDatabase comparing;

  Indexer(ReactiveDatabase database) {
    this.indexing = database.with(OperationOptions.labelled("index-document").lane(Lane.BULK));
    this.removing = database.with(OperationOptions.labelled("remove-documents").lane(Lane.BULK));
    this.comparing = database.with(OperationOptions.labelled("compare-documents"));
  }

  /** All documents, and the files that are known to be none, by path. */
  Mono<Map<String, Known>> known() {
    return comparing.query(Known.ALL).mapTo(Known.class).all().collectMap(Known::path);
  }

  /** One document; empty if there is none. */
  Mono<Known> known(String path) {
    return comparing
        .query(Known.DOCUMENTS + " WHERE path = :path")
        .bind("path", path)
        .mapTo(Known.class)
        .one();
  }

  /**
   * Writes one chunk as one unit: the document with the first, the paragraphs, and their entries in
   * the full-text index; with the last, the scan's figures.
   */
  Mono<Integer> write(long scan, TextFile file, Chunk chunk) {
    return indexing
        .write(session -> writeChunk(session, scan, file, chunk))
        .retryWhen(RETRY.onTransient());
  }

  /** Removes documents, except those that somebody wrote notes about, and counts them. */
  Mono<Integer> remove(long scan, Collection<String> paths) {
    return removing
        .write(
            session -> {
              session
                  .update("DELETE FROM left_out WHERE path IN (:paths)")
                  .bind("paths", paths)
                  .execute();
              return countRemoved(session, scan, removeAll(session, paths));
            })
        .retryWhen(RETRY.onTransient());
  }

  /** Notes that a file has another time, although its content is the one that is known. */
  static int touch(WriteSession session, long scan, TextFile file) {
    session
        .update("UPDATE scan SET touched = touched + 1 WHERE id = :scan")
        .bind("scan", scan)
        .execute();
    session
        .update("UPDATE document SET modified = :modified, scan_id = :scan WHERE path = :path")
        .bind("modified", file.modified())
        .bind("scan", scan)
        .bind("path", file.name())
        .execute();
    takeIn(session, file);
    return 1;
  }

  /**
   * Notes that a file is none of the library's, with the size and time by which it is known again;
   * if it was one, its document goes.
   */
  static int leaveOut(WriteSession session, long scan, String path, long size, Instant modified) {
    // Not again if the scan has listed its folder twice
    session
        .update(
            "UPDATE scan SET not_text = not_text + 1 WHERE id = :scan AND NOT EXISTS"
                + " (SELECT 1 FROM left_out WHERE path = :path AND scan_id = :scan)")
        .bind("scan", scan)
        .bind("path", path)
        .execute();
    session
        .update(
            """
            INSERT INTO left_out (path, size, modified, scan_id)
            VALUES (:path, :size, :modified, :scan)
            ON CONFLICT (path) DO UPDATE SET
              size = excluded.size, modified = excluded.modified, scan_id = excluded.scan_id
            """)
        .bind("path", path)
        .bind("size", size)
        .bind("modified", modified)
        .bind("scan", scan)
        .execute();
    return countRemoved(session, scan, removeAll(session, List.of(path)));
  }

  private static void takeIn(WriteSession session, TextFile file) {
    session.update("DELETE FROM left_out WHERE path = :path").bind("path", file.name()).execute();
  }

  private static int writeChunk(WriteSession session, long scan, TextFile file, Chunk chunk) {
    long document = chunk.first() == 0 ? beginDocument(session, file, chunk) : idOf(session, file);
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
    if (chunk.last()) {
      finishDocument(session, scan, document, file, chunk);
    }
    return chunk.paragraphs().size();
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
                  checksum = NULL, paragraphs = 0, scanned_at = excluded.scanned_at
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

  private static void finishDocument(
      WriteSession session, long scan, long document, TextFile file, Chunk last) {
    // Not again if this job was done before and only its outcome was lost
    session
        .update(
            """
            UPDATE scan SET documents = documents + 1, paragraphs = paragraphs + :paragraphs,
              written = written + 1 + :paragraphs
            WHERE id = :scan AND NOT EXISTS (
              SELECT 1 FROM document WHERE id = :document AND scan_id = :scan)
            """)
        .bind("paragraphs", last.end())
        .bind("scan", scan)
        .bind("document", document)
        .execute();
    session
        .update(
            "UPDATE document SET paragraphs = :paragraphs, checksum = :checksum, scan_id = :scan"
                + " WHERE id = :document")
        .bind("paragraphs", last.end())
        .bind("checksum", file.checksum())
        .bind("scan", scan)
        .bind("document", document)
        .execute();
    takeIn(session, file);
  }

  private static long idOf(WriteSession session, TextFile file) {
    return session
        .query("SELECT id FROM document WHERE path = :path")
        .bind("path", file.name())
        .mapTo(Long.class)
        .one()
        .orElseThrow();
  }

  private static int countRemoved(WriteSession session, long scan, int documents) {
    if (documents > 0) {
      session
          .update("UPDATE scan SET removed = removed + :documents WHERE id = :scan")
          .bind("documents", documents)
          .bind("scan", scan)
          .execute();
    }
    return documents;
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
    if (!documents.isEmpty()) {
      removeParagraphs(session, documents);
      session
          .update("DELETE FROM document WHERE id IN (:documents)")
          .bind("documents", documents)
          .execute();
    }
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
