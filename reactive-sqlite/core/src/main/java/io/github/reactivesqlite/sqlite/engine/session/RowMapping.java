package io.github.reactivesqlite.sqlite.engine.session;

import io.github.reactivesqlite.Row;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.RowMappingException;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import org.jspecify.annotations.Nullable;

/** Calls an application's row mapper and gives its errors their type. */
public final class RowMapping {

  private RowMapping() {}

  /** Maps one row; {@code context} ends the message of an error. */
  public static <T> @Nullable T map(
      RowMapper<? extends T> mapper, Row row, ErrorDetails details, String context) {
    try {
      return mapper.map(row);
    } catch (SqlFailure failure) {
      throw failure;
    } catch (RowMappingException failed) {
      throw new RowMappingException(
          failed.getMessage() + context, details.withCode(failed.code()), failed.getCause());
    } catch (Throwable failed) {
      throw new RowMappingException(
          "The row mapper threw " + failed.getClass().getName() + context, details, failed);
    }
  }

  /** As {@link #map}, for a list of all rows, which has no place for a missing value. */
  public static <T> T mapToValue(
      RowMapper<? extends T> mapper, Row row, ErrorDetails details, String context) {
    T value = map(mapper, row, details, context);
    if (value == null) {
      throw new RowMappingException(
          "The row mapper gave null, which a stream of rows cannot hold. Use COALESCE in the SQL,"
              + " map to Optional, or filter with IS NOT NULL"
              + context,
          details);
    }
    return value;
  }
}
