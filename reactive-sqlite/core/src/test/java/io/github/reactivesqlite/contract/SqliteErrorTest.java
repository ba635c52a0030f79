package io.github.reactivesqlite.contract;

class SqliteErrorTest extends ErrorContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
