package io.github.reactivesqlite.contract;

class SqliteOptionsTest extends OptionsContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
