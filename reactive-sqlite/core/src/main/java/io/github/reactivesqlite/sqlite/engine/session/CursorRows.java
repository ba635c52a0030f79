package io.github.reactivesqlite.sqlite.engine.session;

import io.github.reactivesqlite.ReadSession.SessionRows;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Rows that a session reads from a cursor when they are asked for. */
final class CursorRows<T> implements SessionRows<T> {

  private final Supplier<Cursor> cursors;
  private final RowMapper<? extends T> mapper;
  private final SessionOwner owner;
  private final Runnable afterRun;

  CursorRows(
      Supplier<Cursor> cursors,
      RowMapper<? extends T> mapper,
      SessionOwner owner,
      Runnable afterRun) {
    this.cursors = cursors;
    this.mapper = mapper;
    this.owner = owner;
    this.afterRun = afterRun;
  }

  @Override
  public Optional<T> one() {
    return single(true);
  }

  @Override
  public Optional<T> first() {
    return single(false);
  }

  private Optional<T> single(boolean onlyRow) {
    try (Cursor cursor = cursors.get()) {
      ErrorDetails details = cursor.bound().details(owner.label());
      try {
        Optional<T> value = Optional.empty();
        if (cursor.first()) {
          value =
              Optional.ofNullable(RowMapping.map(mapper, cursor.statement().row(), details, ""));
          if (onlyRow && cursor.next()) {
            throw moreThanOne(details);
          }
        }
        // SQLite counts the changes when the statement has ended
        cursor.statement().reset();
        afterRun.run();
        return value;
      } catch (SqlFailure failure) {
        throw ConnectionSession.ranAndFailed(owner, failure, cursor.bound());
      }
    }
  }

  static IncorrectResultSizeException moreThanOne(ErrorDetails details) {
    return new IncorrectResultSizeException(
        "one() met a second row. Add a condition or LIMIT 1, or use first() or all()",
        details,
        1,
        2);
  }

  @Override
  public List<T> all() {
    List<T> rows = new ArrayList<>();
    forEach(rows::add);
    return rows;
  }

  @Override
  public void forEach(Consumer<? super T> action) {
    try (Cursor cursor = cursors.get()) {
      ErrorDetails details = cursor.bound().details(owner.label());
      boolean row = step(cursor, true);
      while (row) {
        action.accept(mapped(cursor, details));
        row = step(cursor, false);
      }
      afterRun.run();
    }
  }

  private T mapped(Cursor cursor, ErrorDetails details) {
    try {
      return RowMapping.mapToValue(mapper, cursor.statement().row(), details, "");
    } catch (SqlFailure failure) {
      throw ConnectionSession.ranAndFailed(owner, failure, cursor.bound());
    }
  }

  private boolean step(Cursor cursor, boolean first) {
    try {
      return first ? cursor.first() : cursor.next();
    } catch (SqlFailure failure) {
      throw ConnectionSession.ranAndFailed(owner, failure, cursor.bound());
    }
  }
}
