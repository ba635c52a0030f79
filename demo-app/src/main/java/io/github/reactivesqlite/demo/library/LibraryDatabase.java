package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the database with the application, and closes it after everything that uses it. */
@Configuration(proxyBeanMethods = false)
class LibraryDatabase {

  private static final Duration MIGRATION_TIME = Duration.ofMinutes(2);

  /** Somebody always listens here, and people notice nothing shorter. */
  private static final Duration FOREIGN_CHANGE_POLLING = Duration.ofMillis(50);

  /** A scan makes a large log, and then nobody writes for long. */
  private static final Duration TRUNCATE_INTERVAL = Duration.ofMinutes(1);

  @Bean(destroyMethod = "close")
  SqliteDatabase database(
      LibraryProperties properties,
      MeterRegistry registry,
      ObjectProvider<DatabaseCustomizer> customizers) {
    SqliteDatabase database =
        SqliteDatabase.builder(properties.databasePath())
            .config(config -> customized(config.meterRegistry(registry), customizers))
            .build();
    try {
      database.migrate(LibrarySchema.MIGRATIONS).block(MIGRATION_TIME);
      return database;
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  private static SqliteConfigBuilder customized(
      SqliteConfigBuilder config, ObjectProvider<DatabaseCustomizer> customizers) {
    SqliteConfigBuilder result = config
            .name("library")
            .createDirectories(true)
            .foreignChangePolling(FOREIGN_CHANGE_POLLING)
            .truncateInterval(TRUNCATE_INTERVAL);
    for (DatabaseCustomizer customizer : customizers) {
      result = customizer.customize(result);
    }
    return result;
  }
}
