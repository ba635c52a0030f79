package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import java.util.List;

/**
 * A whole answer and what it depends on, both of one snapshot.
 *
 * @param rows the mapped rows, unmodifiable
 * @param reads the tables that the statement reads
 * @param <T> the type of the rows
 */
public record Answer<T>(List<T> rows, TableSet reads) {}
