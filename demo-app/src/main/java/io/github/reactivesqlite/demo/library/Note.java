package io.github.reactivesqlite.demo.library;

import java.time.Instant;

/**
 * What somebody wrote about a document.
 *
 * @param id its number
 * @param documentId the document's number
 * @param text the note
 * @param createdAt when it was written
 */
public record Note(long id, long documentId, String text, Instant createdAt) {}
