package io.github.reactivesqlite.benchmarks.peer;

import io.github.reactivesqlite.sqlite.config.Durability;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * What every peer is given: the same file, durability, cache and patience with locks.
 *
 * @param file an existing database
 * @param durability of its commits
 * @param load what it is about to do
 */
public record PeerSettings(Path file, Durability durability, Load load) {

  /** Connections with the settings that reactive-sqlite uses itself. */
  DataSource dataSource() {
    return dataSource(false);
  }

  /**
   * The same, saying whether the driver fetches the generated key after every insert. Off for all
   * peers, which is faster; the driver's default is on.
   */
  DataSource dataSource(boolean generatedKeys) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        durability == Durability.FULL
            ? SQLiteConfig.SynchronousMode.FULL
            : SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout((int) SqliteDefaults.LOCK_TIMEOUT.toMillis());
    config.setCacheSize(-SqliteDefaults.CACHE_SIZE_KIB);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.enforceForeignKeys(true);
    config.setGetGeneratedKeys(generatedKeys);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }
}
