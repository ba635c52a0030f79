package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.spring.boot.observation.DatabaseObservations;
import io.github.reactivesqlite.spring.boot.observation.SqliteObservationConvention;
import io.github.reactivesqlite.spring.boot.transaction.SqliteTransactionManager;
import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;

/** Makes the view and the transaction manager of a database. */
final class DatabaseViewFactory {

  private final ObjectProvider<ObservationRegistry> registry;
  private final ObjectProvider<SqliteObservationConvention> convention;
  private final ObjectProvider<TransactionManagerCustomizers> customizers;
  private final LiveStreams liveStreams;

  DatabaseViewFactory(
      ObjectProvider<ObservationRegistry> registry,
      ObjectProvider<SqliteObservationConvention> convention,
      ObjectProvider<TransactionManagerCustomizers> customizers,
      LiveStreams liveStreams) {
    this.registry = registry;
    this.convention = convention;
    this.customizers = customizers;
    this.liveStreams = liveStreams;
  }

  TransactionAwareDatabase view(SqliteDatabase database) {
    DatabaseObservations observations =
        DatabaseObservations.of(
            registry.getIfUnique(() -> ObservationRegistry.NOOP),
            convention.getIfAvailable(),
            database.name());
    return TransactionAwareDatabase.of(database, observations, liveStreams::untilStopped);
  }

  SqliteTransactionManager transactionManager(SqliteDatabase database) {
    SqliteTransactionManager manager = new SqliteTransactionManager(database);
    customizers.ifAvailable(all -> all.customize(manager));
    return manager;
  }
}
