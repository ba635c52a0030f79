package io.github.reactivesqlite.contract;

class SqliteQueryTest extends QueryContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
