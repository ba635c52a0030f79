package io.github.reactivesqlite.contract;

class SqliteBeginTest extends BeginContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
