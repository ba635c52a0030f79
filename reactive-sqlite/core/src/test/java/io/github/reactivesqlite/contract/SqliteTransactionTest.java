package io.github.reactivesqlite.contract;

class SqliteTransactionTest extends TransactionContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
