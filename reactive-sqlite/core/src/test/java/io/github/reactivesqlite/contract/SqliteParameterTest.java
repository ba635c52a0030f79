package io.github.reactivesqlite.contract;

class SqliteParameterTest extends ParameterContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
