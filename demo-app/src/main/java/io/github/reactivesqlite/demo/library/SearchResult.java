package io.github.reactivesqlite.demo.library;

import java.util.List;

/**
 * What a search found.
 *
 * @param query what was looked for
 * @param more whether more was found than is shown
 * @param hits the best hits, best first
 */
public record SearchResult(String query, boolean more, List<SearchHit> hits) {}
