package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.Migration;
import java.util.List;

/** The tables, as a history of migrations. */
final class LibrarySchema {

  /** A document without a checksum is still being written. */
  static final List<Migration> MIGRATIONS =
      List.of(
          Migration.of(
              1,
              "documents, paragraphs and notes",
              """
              CREATE TABLE document (
                id INTEGER PRIMARY KEY,
                path TEXT NOT NULL UNIQUE,
                title TEXT NOT NULL,
                size INTEGER NOT NULL,
                modified TEXT NOT NULL,
                checksum TEXT,
                paragraphs INTEGER NOT NULL,
                scanned_at TEXT NOT NULL
              ) STRICT;
              CREATE TABLE paragraph (
                id INTEGER PRIMARY KEY,
                document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                text TEXT NOT NULL,
                UNIQUE (document_id, position)
              ) STRICT;
              CREATE TABLE note (
                id INTEGER PRIMARY KEY,
                document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
                text TEXT NOT NULL,
                created_at TEXT NOT NULL
              ) STRICT;
              CREATE INDEX note_document ON note (document_id);
              """),
          Migration.of(
              2,
              "full-text search",
              """
              CREATE VIRTUAL TABLE paragraph_fts USING fts5 (
                text, content = 'paragraph', content_rowid = 'id',
                tokenize = 'unicode61 remove_diacritics 2'
              );
              """));

  private LibrarySchema() {}
}
