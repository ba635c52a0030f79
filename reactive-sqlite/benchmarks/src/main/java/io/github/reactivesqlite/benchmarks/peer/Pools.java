package io.github.reactivesqlite.benchmarks.peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;

/** HikariCP pools, with as many connections as suit the load best. */
final class Pools {

  private Pools() {}

  static HikariDataSource of(PeerSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("benchmark");
    config.setDataSource(settings.dataSource());
    config.setMaximumPoolSize(settings.load().connections());
    config.setConnectionTimeout(SqliteDefaults.ACQUIRE_TIMEOUT.toMillis());
    return new HikariDataSource(config);
  }
}
