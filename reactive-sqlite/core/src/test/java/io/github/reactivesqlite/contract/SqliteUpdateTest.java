package io.github.reactivesqlite.contract;

class SqliteUpdateTest extends UpdateContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
