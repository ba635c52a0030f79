package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.sqlite.engine.sql.TableSet;

/** Somebody whom commits concern. Called from one thread at a time, never one of the engine's. */
interface Listener {

  /** A commit touched one of its tables, or nobody knows which it touched. */
  void committed(TableSet tables);

  /** The database closes. */
  void closed();
}
