package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.util.concurrent.CountDownLatch;

/** A write that has run and is held up before its COMMIT. */
final class HeldWrite {

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Bounded.Outcome<Long> outcome;

  /** Returns when the statement has run. */
  HeldWrite(SqliteDatabase database, String sql) {
    CountDownLatch written = new CountDownLatch(1);
    outcome =
        Bounded.start(
            database.write(
                session -> {
                  long rows = session.update(sql).execute();
                  written.countDown();
                  Bounded.await(goOn);
                  return rows;
                }));
    Bounded.await(written);
  }

  /** Lets it commit, and waits for its answer. */
  void commit() {
    goOn.countDown();
    outcome.value();
  }
}
