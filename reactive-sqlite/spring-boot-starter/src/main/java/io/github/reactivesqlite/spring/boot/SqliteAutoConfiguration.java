package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ResourceLoader;

/**
 * Opens the databases that the properties under {@code reactive-sqlite} describe, gives them their
 * schema before anybody uses them, and closes them after everything that does.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
    })
@ConditionalOnClass(SqliteDatabase.class)
@ConditionalOnBooleanProperty(name = "reactive-sqlite.enabled", matchIfMissing = true)
@EnableConfigurationProperties({SqliteProperties.class, NamedDatabasesProperties.class})
@Import(NamedDatabasesRegistrar.class)
public final class SqliteAutoConfiguration {

  /** An opening waits for locks, which it must not do on the thread of a first request. */
  @Bean
  static LazyInitializationExcludeFilter sqliteDatabasesAreOpenedAtStart() {
    return LazyInitializationExcludeFilter.forBeanTypes(SqliteDatabase.class);
  }

  @Bean(NamedDatabasesRegistrar.FACTORY)
  SqliteDatabaseFactory sqliteDatabaseFactory(
      NamedDatabasesProperties named,
      ObjectProvider<SqliteConfigCustomizer> customizers,
      ObjectProvider<MeterRegistry> meterRegistry,
      ResourceLoader resources) {
    return new SqliteDatabaseFactory(named, customizers, meterRegistry, resources);
  }

  @Bean(destroyMethod = "close")
  @Conditional(OnMainDatabase.class)
  @ConditionalOnMissingBean
  SqliteDatabase sqliteDatabase(SqliteDatabaseFactory factory, SqliteProperties properties) {
    return factory.open(SqliteConfigCustomizer.MAIN, properties);
  }
}
