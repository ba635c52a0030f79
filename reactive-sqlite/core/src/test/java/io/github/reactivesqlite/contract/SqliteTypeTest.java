package io.github.reactivesqlite.contract;

class SqliteTypeTest extends TypeContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
