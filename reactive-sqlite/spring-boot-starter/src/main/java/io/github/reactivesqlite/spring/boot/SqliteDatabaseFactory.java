package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.io.ResourceLoader;

/** Opens databases as their properties and customizers say, and gives them their schema. */
final class SqliteDatabaseFactory {

  private static final Pattern NOT_A_PATH =
      Pattern.compile(
          ":memory:|(jdbc|r2dbc|file|sqlite|classpath):|\\w{2,}://|~[/\\\\]|.*\\$\\{",
          Pattern.CASE_INSENSITIVE);

  private final NamedDatabasesProperties named;
  private final ObjectProvider<SqliteConfigCustomizer> customizers;
  private final ObjectProvider<MeterRegistry> meterRegistry;
  private final ResourceLoader resources;
  private final Set<String> opened = ConcurrentHashMap.newKeySet();

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
    return open(name, properties(name));
  }

  /** Prepares the file of a database under {@code reactive-sqlite.databases}. */
  PreparedFile prepare(String name) {
    return prepare(name, properties(name));
  }

  private SqliteProperties properties(String name) {
    SqliteProperties properties = named.databases().get(name);
    if (properties == null) {
      throw new DatabaseStartException(name, null, new MissingFileException());
    }
    return properties;
  }

  /** Opens a database; blocks while it waits for another process's lock. */
  SqliteDatabase open(String name, SqliteProperties properties) {
    Path file = file(name, properties.file());
    SqliteConfigBuilder metered = SqliteConfig.builder();
    meterRegistry.ifUnique(metered::meterRegistry);
    SqliteDatabase database = opened(name, properties, file, metered);
    opened.add(name);
    try {
      DatabaseSchema.of(name, properties.schema(), resources).applyTo(database);
      return database;
    } catch (RuntimeException failed) {
      database.close();
      throw new DatabaseStartException(name, file, failed);
    }
  }

  /**
   * Opens and closes a database, for others that get at its file first: the library's rules for
   * directories, rights, locks and new files are in its opening alone. Of one that is open, or was,
   * the file is prepared.
   */
  PreparedFile prepare(String name, SqliteProperties properties) {
    if (!opened.contains(name)) {
      Path file = file(name, properties.file());
      opened(name, properties, file, SqliteConfig.builder()).close();
    }
    return new PreparedFile(name);
  }

  private SqliteDatabase opened(
      String name, SqliteProperties properties, Path file, SqliteConfigBuilder config) {
    try {
      ConfiguredKnobs.apply(properties, config);
      customizers.orderedStream().forEach(customizer -> customizer.customize(name, config));
      return SqliteDatabase.builder(file).config(config.build()).build();
    } catch (RuntimeException failed) {
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
}
