package io.github.reactivesqlite.contract;

class SqliteCancelStormTest extends CancelStormContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
