package io.github.reactivesqlite.contract;

class SqliteReturningTest extends ReturningContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
