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
              """),
          Migration.of(
              3,
              "scans",
              """
              CREATE TABLE scan (
                id INTEGER PRIMARY KEY,
                folder TEXT NOT NULL,
                started_at TEXT NOT NULL,
                listed_at TEXT,
                finished_at TEXT,
                failed INTEGER NOT NULL DEFAULT 0,
                complete INTEGER NOT NULL DEFAULT 1,
                files INTEGER NOT NULL DEFAULT 0,
                unchanged INTEGER NOT NULL DEFAULT 0,
                too_large INTEGER NOT NULL DEFAULT 0,
                touched INTEGER NOT NULL DEFAULT 0,
                not_text INTEGER NOT NULL DEFAULT 0,
                documents INTEGER NOT NULL DEFAULT 0,
                paragraphs INTEGER NOT NULL DEFAULT 0,
                written INTEGER NOT NULL DEFAULT 0,
                removed INTEGER NOT NULL DEFAULT 0
              ) STRICT;
              ALTER TABLE document ADD COLUMN scan_id INTEGER;
              """));

  private LibrarySchema() {}
}
