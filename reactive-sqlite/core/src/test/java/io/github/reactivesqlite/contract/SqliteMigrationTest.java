package io.github.reactivesqlite.contract;

class SqliteMigrationTest extends MigrationContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
