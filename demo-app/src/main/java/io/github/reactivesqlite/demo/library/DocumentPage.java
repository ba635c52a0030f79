package io.github.reactivesqlite.demo.library;

import java.util.List;

/**
 * Some of all documents, by path.
 *
 * @param page its number, from 0
 * @param size the most documents on a page
 * @param total how many documents there are
 * @param pages how many pages they fill
 * @param documents those of this page
 */
public record DocumentPage(
    int page, int size, long total, long pages, List<DocumentSummary> documents) {}
