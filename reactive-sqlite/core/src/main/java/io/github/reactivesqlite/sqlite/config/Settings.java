package io.github.reactivesqlite.sqlite.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings a connection works with, read back from SQLite itself and not from the
 * configuration.
 *
 * @param values name and value of each PRAGMA and each limit ({@code limit.*}), in a fixed order
 * @param sqliteVersion version of the SQLite library, such as {@code 3.54.1}
 * @param driverVersion version of the JDBC driver around it
 */
public record Settings(Map<String, String> values, String sqliteVersion, String driverVersion) {

  /** Copies the map, in its order. */
  public Settings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
