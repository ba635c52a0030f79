package io.github.reactivesqlite.demo.library;

import java.time.Instant;

/**
 * A document without its text.
 *
 * @param id its number
 * @param path where it lies in the library's folder
 * @param title its first heading, or its file name
 * @param size bytes of the file
 * @param modified when the file was last changed
 * @param paragraphs how many it has
 * @param scannedAt when it was written here
 */
public record DocumentSummary(
    long id,
    String path,
    String title,
    long size,
    Instant modified,
    int paragraphs,
    Instant scannedAt) {}
