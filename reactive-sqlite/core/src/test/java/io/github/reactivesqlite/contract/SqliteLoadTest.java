package io.github.reactivesqlite.contract;

class SqliteLoadTest extends LoadContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
