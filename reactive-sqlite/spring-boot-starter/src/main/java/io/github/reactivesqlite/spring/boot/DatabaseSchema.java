package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * The script or the migrations of one database; either, both are a mistake.
 *
 * @param script the script, or null
 * @param migrations the migrations; empty without any
 * @param timeout how long all of it may take
 */
record DatabaseSchema(@Nullable Resource script, List<MigrationFile> migrations, Duration timeout) {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseSchema.class);

  /** Finds what there is. What a property names must be there. */
  static DatabaseSchema of(
      String database, @Nullable SchemaProperties properties, ResourceLoader resources) {
    SchemaProperties schema = properties == null ? SchemaProperties.DEFAULTS : properties;
    Duration timeout =
        schema.timeout() == null ? SchemaProperties.DEFAULT_TIMEOUT : schema.timeout();
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("schema.timeout is positive, not " + timeout);
    }
    if (Boolean.FALSE.equals(schema.enabled())) {
      return new DatabaseSchema(null, List.of(), timeout);
    }
    String suffix = database.equals(SqliteConfigCustomizer.MAIN) ? "" : "-" + database;
    Resource script = script(schema.script(), "classpath:schema" + suffix + ".sql", resources);
    List<MigrationFile> migrations =
        MigrationFile.find(schema.migrations(), "classpath:db/sqlite" + suffix, resources);
    if (script != null && !migrations.isEmpty()) {
      throw new SchemaConfigurationException(
          "there is a schema script ("
              + script.getDescription()
              + ") and there are migrations (the first is "
              + migrations.get(0).name()
              + "), and only one of them can be in charge. Make the script the first migration, or"
              + " move it if it belongs to another database");
    }
    return new DatabaseSchema(script, migrations, timeout);
  }

  private static @Nullable Resource script(
      @Nullable String named, String usual, ResourceLoader resources) {
    Resource resource = resources.getResource(named == null ? usual : named);
    if (resource.exists()) {
      return resource;
    }
    if (named != null) {
      throw new SchemaConfigurationException("the schema script " + named + " does not exist");
    }
    return null;
  }

  /** Runs it on the writer, and waits. */
  void applyTo(SqliteDatabase database) {
    if (script != null) {
      database.script(text(script)).block(timeout);
      LOG.info("Ran {} on database {}", script.getDescription(), database.name());
    }
    if (!migrations.isEmpty()) {
      migrate(database);
    }
  }

  private void migrate(SqliteDatabase database) {
    MigrationReport report =
        ((ReactiveDatabase) database)
            .migrate(migrations.stream().map(MigrationFile::migration).toList())
            .block(timeout);
    LOG.info("Migrated database {}: {}", database.name(), report);
  }

  static String text(Resource resource) {
    try {
      return resource.getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(resource.getDescription() + " could not be read", failed);
    }
  }
}
