package io.github.reactivesqlite.contract;

class SqliteBatchTest extends BatchContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
