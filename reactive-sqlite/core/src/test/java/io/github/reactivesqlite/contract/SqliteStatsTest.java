package io.github.reactivesqlite.contract;

class SqliteStatsTest extends StatsContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
