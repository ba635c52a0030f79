package io.github.reactivesqlite.contract;

class SqliteClosedTest extends ClosedContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
