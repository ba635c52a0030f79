package io.github.reactivesqlite.demo.library;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the database with the application, and closes it after everything that uses it. */
@Configuration(proxyBeanMethods = false)
class LibraryDatabase {

  private static final Duration MIGRATION_TIME = Duration.ofMinutes(2);

  @Bean(destroyMethod = "close")
  SqliteDatabase database(
      LibraryProperties properties, ObjectProvider<DatabaseCustomizer> customizers) {
    SqliteDatabase database =
        SqliteDatabase.builder(properties.databasePath())
            .config(config -> customized(config, customizers))
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
    SqliteConfigBuilder result = config.name("library").createDirectories(true);
    for (DatabaseCustomizer customizer : customizers) {
      result = customizer.customize(result);
    }
    return result;
  }
}
