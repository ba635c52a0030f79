package io.github.reactivesqlite.contract;

class SqliteChunkTest extends ChunkContract {

  @Override
  Backend backend() {
    return new SqliteBackend(directory);
  }
}
