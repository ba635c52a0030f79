package io.github.reactivesqlite.contract;

class SqliteSnapshotTest extends SnapshotContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
