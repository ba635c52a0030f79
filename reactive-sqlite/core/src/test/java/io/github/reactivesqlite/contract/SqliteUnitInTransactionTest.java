package io.github.reactivesqlite.contract;

class SqliteUnitInTransactionTest extends UnitInTransactionContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
