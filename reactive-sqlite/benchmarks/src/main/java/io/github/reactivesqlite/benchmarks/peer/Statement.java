package io.github.reactivesqlite.benchmarks.peer;

/**
 * A statement with its values, by position.
 *
 * @param sql the text
 * @param values what is bound; not copied, never written to
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Statement(String sql, Object[] values) {}
