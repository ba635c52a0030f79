package io.github.reactivesqlite.contract;

import io.github.reactivesqlite.ReactiveDatabase;
import java.time.Duration;

/** What the contract needs to know about the database that keeps it. */
interface Backend {

  /** Opens the one database of a test; a second call opens the same data again after a close. */
  ReactiveDatabase open(Setup setup);

  /** How many connections to the data are open in this process now. */
  int openConnections();

  /** Part of the name of the thread that runs writes. */
  String writerThreadMark();

  /** Part of the name of the threads that run reads. */
  String readerThreadMark();

  /**
   * What a test wants to be different from the defaults.
   *
   * @param readers reader connections
   * @param writeQueue the most interactive writes that wait
   * @param readQueue the most reads that wait
   * @param returningRows the most rows that RETURNING copies
   * @param closeTimeout how long a close waits for what runs
   */
  record Setup(
      int readers, int writeQueue, int readQueue, int returningRows, Duration closeTimeout) {

    static Setup ofDefaults() {
      return new Setup(3, 10_000, 10_000, 10_000, Duration.ofSeconds(20));
    }

    Setup withReaders(int count) {
      return new Setup(count, writeQueue, readQueue, returningRows, closeTimeout);
    }

    Setup withWriteQueue(int units) {
      return new Setup(readers, units, readQueue, returningRows, closeTimeout);
    }

    Setup withReadQueue(int reads) {
      return new Setup(readers, writeQueue, reads, returningRows, closeTimeout);
    }

    Setup withReturningRows(int rows) {
      return new Setup(readers, writeQueue, readQueue, rows, closeTimeout);
    }

    Setup withCloseTimeout(Duration time) {
      return new Setup(readers, writeQueue, readQueue, returningRows, time);
    }
  }
}
