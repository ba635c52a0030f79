package io.github.reactivesqlite.contract;

class SqliteStreamTest extends StreamContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
