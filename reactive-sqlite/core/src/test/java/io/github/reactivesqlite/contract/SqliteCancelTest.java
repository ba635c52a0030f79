package io.github.reactivesqlite.contract;

class SqliteCancelTest extends CancelContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
