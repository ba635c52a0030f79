package io.github.reactivesqlite.spring.boot.actuate;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The actuator endpoint {@code sqlite}: lock and queue figures of every database, and the settings
 * of one. What changes something, maintenance, needs {@code
 * management.endpoint.sqlite.access=unrestricted}.
 */
@Endpoint(id = "sqlite", defaultAccess = Access.READ_ONLY)
public final class SqliteEndpoint {

  private final Map<String, SqliteDatabase> databases;

  /**
   * An endpoint over some databases.
   *
   * @param beans the databases by the names of their beans
   */
  public SqliteEndpoint(Map<String, SqliteDatabase> beans) {
    this.databases = DatabaseNames.of(beans);
  }

  /**
   * The figures of every database.
   *
   * @return by name
   */
  @ReadOperation
  public Mono<Map<String, Object>> databases() {
    return Flux.fromIterable(databases.entrySet())
        .flatMap(
            entry ->
                DatabaseFigures.of(entry.getValue())
                    .map(figures -> Map.entry(entry.getKey(), figures)))
        .collectMap(Map.Entry::getKey, Map.Entry::getValue)
        .map(byName -> Map.of("databases", new TreeMap<>(byName)));
  }

  /**
   * One database: its figures, and the settings that SQLite says are in force.
   *
   * @param database its name
   * @return the figures, or empty if there is no such database
   */
  @ReadOperation
  public Mono<Map<String, Object>> database(@Selector String database) {
    return Mono.justOrEmpty(databases.get(database))
        .flatMap(
            found ->
                DatabaseFigures.of(found)
                    .zipWith(
                        found.maintenance().settings(),
                        (figures, settings) ->
                            Map.of(
                                "name", found.name(),
                                "figures", figures,
                                "settings", settings.values(),
                                "sqlite", settings.sqliteVersion(),
                                "driver", settings.driverVersion())));
  }

  /**
   * Maintenance: {@code checkpoint}, {@code truncate}, {@code optimize}, {@code release-idle} or
   * {@code integrity-check}.
   *
   * @param database its name
   * @param operation what to do
   * @return what came of it, or empty if there is no such database
   */
  @WriteOperation
  public Mono<Map<String, Object>> maintain(@Selector String database, @Selector String operation) {
    SqliteDatabase found = databases.get(database);
    if (found == null) {
      return Mono.empty();
    }
    return switch (operation.toLowerCase(Locale.ROOT)) {
      case "checkpoint" -> result(found.maintenance().checkpoint(CheckpointMode.PASSIVE));
      case "truncate" -> result(found.maintenance().checkpoint(CheckpointMode.TRUNCATE));
      case "optimize" -> result(found.maintenance().optimize().thenReturn("done"));
      case "release-idle" -> result(found.maintenance().releaseIdle().thenReturn("done"));
      case "integrity-check" -> result(found.maintenance().integrityCheck());
      default ->
          throw new InvalidEndpointRequestException(
              "No maintenance operation " + operation,
              "Use checkpoint, truncate, optimize, release-idle or integrity-check");
    };
  }

  private static Mono<Map<String, Object>> result(Mono<?> work) {
    return work.map(value -> Map.of("result", value));
  }
}
