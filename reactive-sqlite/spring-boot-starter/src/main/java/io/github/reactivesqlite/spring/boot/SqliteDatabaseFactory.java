package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.io.ResourceLoader;

/** Opens databases as their properties and customizers say, and gives them their schema. */
final class SqliteDatabaseFactory {

  private static final Pattern NOT_A_PATH =
      Pattern.compile(":memory:|(jdbc|r2dbc|file|sqlite|classpath):", Pattern.CASE_INSENSITIVE);

  private final NamedDatabasesProperties named;
  private final ObjectProvider<SqliteConfigCustomizer> customizers;
  private final ObjectProvider<MeterRegistry> meterRegistry;
  private final ResourceLoader resources;

  SqliteDatabaseFactory(
      NamedDatabasesProperties named,
      ObjectProvider<SqliteConfigCustomizer> customizers,
      ObjectProvider<MeterRegistry> meterRegistry,
      ResourceLoader resources) {
    this.named = named;
    this.customizers = customizers;
    this.meterRegistry = meterRegistry;
    this.resources = resources;
  }

  /** A database under {@code reactive-sqlite.databases}. */
  SqliteDatabase open(String name) {
    SqliteProperties properties = named.databases().get(name);
    if (properties == null) {
      throw new IllegalStateException("No properties below reactive-sqlite.databases." + name);
    }
    return open(name, properties);
  }

  /** Opens a database; blocks while it waits for another process's lock. */
  SqliteDatabase open(String name, SqliteProperties properties) {
    Path file = file(name, properties.file());
    SqliteDatabase database;
    try {
      SqliteConfig config = config(name, properties);
      database = SqliteDatabase.builder(file).config(config).build();
    } catch (RuntimeException failed) {
      throw new DatabaseStartException(name, file, failed);
    }
    try {
      DatabaseSchema.of(name, properties.schema(), resources).applyTo(database);
      return database;
    } catch (RuntimeException failed) {
      database.close();
      throw new DatabaseStartException(name, file, failed);
    }
  }

  private static Path file(String name, @Nullable String file) {
    if (file == null || file.isBlank()) {
      throw new DatabaseStartException(name, null, new MissingFileException());
    }
    if (NOT_A_PATH.matcher(file).lookingAt()) {
      throw new DatabaseStartException(name, null, new NotAPathException(file));
    }
    try {
      return Path.of(file);
    } catch (InvalidPathException notAPath) {
      throw new DatabaseStartException(name, null, notAPath);
    }
  }

  private SqliteConfig config(String name, SqliteProperties properties) {
    SqliteConfigBuilder config = SqliteConfig.builder();
    meterRegistry.ifUnique(config::meterRegistry);
    ConfiguredKnobs.apply(properties, config);
    customizers.orderedStream().forEach(customizer -> customizer.customize(name, config));
    return config.build();
  }
}
