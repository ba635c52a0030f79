package io.github.reactivesqlite.demo.library;

import java.util.List;

/**
 * A document with a part of its text.
 *
 * @param document the document
 * @param from position of the first paragraph shown, from 0
 * @param paragraphs the paragraphs from there
 * @param notes what people wrote about it, the latest first
 */
public record DocumentText(
    DocumentSummary document, int from, List<String> paragraphs, List<Note> notes) {}
