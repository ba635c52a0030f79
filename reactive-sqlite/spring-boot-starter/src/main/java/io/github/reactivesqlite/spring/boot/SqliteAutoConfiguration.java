package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.spring.boot.observation.SqliteObservationConvention;
import io.github.reactivesqlite.spring.boot.transaction.RepositoryTranslation;
import io.github.reactivesqlite.spring.boot.transaction.SqliteExceptionTranslator;
import io.github.reactivesqlite.spring.boot.transaction.SqliteTransactionManager;
import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.transaction.ReactiveTransactionManager;

/**
 * Opens the databases that the properties under {@code reactive-sqlite} describe, gives them their
 * schema before anybody uses them, and closes them after everything that does. Beside each stand
 * the view that joins transactions, which is what to inject, and its transaction manager.
 */
@AutoConfiguration(
    after = TransactionManagerCustomizationAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
      "org.springframework.boot.r2dbc.autoconfigure.R2dbcTransactionManagerAutoConfiguration"
    },
    before = TransactionAutoConfiguration.class)
@ConditionalOnClass(SqliteDatabase.class)
@ConditionalOnBooleanProperty(name = "reactive-sqlite.enabled", matchIfMissing = true)
@EnableConfigurationProperties({SqliteProperties.class, NamedDatabasesProperties.class})
@Import(NamedDatabasesRegistrar.class)
@ImportRuntimeHints(SqliteRuntimeHints.class)
public final class SqliteAutoConfiguration {

  /** Called by the context. */
  public SqliteAutoConfiguration() {}

  /** An opening waits for locks, which it must not do on the thread of a first request. */
  @Bean
  static LazyInitializationExcludeFilter sqliteDatabasesAreOpenedAtStart() {
    return LazyInitializationExcludeFilter.forBeanTypes(SqliteDatabase.class, LiveStreams.class);
  }

  @Bean
  @ConditionalOnMissingBean
  static SqliteExceptionTranslator sqliteExceptionTranslator() {
    return new SqliteExceptionTranslator();
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBooleanProperty(
      name = "spring.persistence.exceptiontranslation.enabled",
      matchIfMissing = true)
  static RepositoryTranslation sqliteRepositoryTranslation(Environment environment) {
    return new RepositoryTranslation(
        environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
  }

  @Bean(NamedDatabasesRegistrar.DATABASE_FACTORY)
  SqliteDatabaseFactory sqliteDatabaseFactory(
      NamedDatabasesProperties named,
      ObjectProvider<SqliteConfigCustomizer> customizers,
      ObjectProvider<MeterRegistry> meterRegistry,
      ResourceLoader resources) {
    return new SqliteDatabaseFactory(named, customizers, meterRegistry, resources);
  }

  @Bean(NamedDatabasesRegistrar.VIEW_FACTORY)
  DatabaseViewFactory sqliteDatabaseViewFactory(
      ObjectProvider<ObservationRegistry> registry,
      ObjectProvider<SqliteObservationConvention> convention,
      ObjectProvider<TransactionManagerCustomizers> customizers,
      LiveStreams liveStreams) {
    return new DatabaseViewFactory(registry, convention, customizers, liveStreams);
  }

  @Bean
  LiveStreams sqliteLiveStreams() {
    return new LiveStreams();
  }

  /** Before the database, since it is there on the same conditions. */
  @Bean(NamedDatabasesRegistrar.MAIN_DATABASE + NamedDatabasesRegistrar.FILE)
  @Lazy
  @Conditional(OnMainDatabase.class)
  @ConditionalOnMissingBean(SqliteDatabase.class)
  PreparedFile sqliteDatabaseFile(SqliteDatabaseFactory factory, SqliteProperties properties) {
    return factory.prepare(SqliteConfigCustomizer.MAIN, properties);
  }

  @Bean(name = NamedDatabasesRegistrar.MAIN_DATABASE, destroyMethod = "close")
  @Conditional(OnMainDatabase.class)
  @ConditionalOnMissingBean
  SqliteDatabase sqliteDatabase(SqliteDatabaseFactory factory, SqliteProperties properties) {
    return factory.open(SqliteConfigCustomizer.MAIN, properties);
  }

  @Bean(destroyMethod = "")
  @Primary
  @ConditionalOnSingleCandidate(SqliteDatabase.class)
  @ConditionalOnMissingBean
  TransactionAwareDatabase reactiveDatabase(DatabaseViewFactory factory, SqliteDatabase database) {
    return factory.view(database);
  }

  @Bean
  @ConditionalOnSingleCandidate(SqliteDatabase.class)
  @ConditionalOnMissingBean(ReactiveTransactionManager.class)
  SqliteTransactionManager sqliteTransactionManager(
      DatabaseViewFactory factory, SqliteDatabase database) {
    return factory.transactionManager(database);
  }
}
