package io.github.reactivesqlite.contract;

class SqliteUnitTest extends UnitContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
