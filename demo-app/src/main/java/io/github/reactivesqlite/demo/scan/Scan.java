package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.demo.scan.ScanReport.LockCost;
import io.github.reactivesqlite.demo.scan.ScanReport.State;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what one scan does. Thread-safe. */
final class Scan {

  private final Path folder;
  private final String folderName;
  private final ReactiveDatabase database;
  private final DatabaseStats before;
  private final long begin = System.nanoTime();
  private final AtomicLong end = new AtomicLong();

  private volatile State state = State.LISTING;
  private volatile int files;
  private volatile boolean complete = true;
  private final AtomicInteger filesDone = new AtomicInteger();
  private final AtomicLong documents = new AtomicLong();
  private final AtomicLong paragraphs = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicInteger unchanged = new AtomicInteger();
  private final AtomicInteger notText = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger removed = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();

  Scan(Path folder, String folderName, ReactiveDatabase database) {
    this.folder = folder;
    this.folderName = folderName;
    this.database = database;
    this.before = database.stats();
  }

  Path folder() {
    return folder;
  }

  boolean running() {
    return state.running();
  }

  void listed(FolderWalk walk) {
    files = walk.files().size();
    complete = walk.complete();
    state = State.INDEXING;
  }

  void ended(State last) {
    end.set(System.nanoTime());
    state = last;
  }

  void writeBegins() {
    int now = inFlight.incrementAndGet();
    mostInFlight.accumulateAndGet(now, Math::max);
  }

  void writeEnds() {
    inFlight.decrementAndGet();
  }

  void chunkWritten(Chunk chunk, int rowsWritten) {
    paragraphs.addAndGet(chunk.paragraphs().size());
    rows.addAndGet(rowsWritten);
  }

  void documentWritten() {
    documents.incrementAndGet();
    filesDone.incrementAndGet();
  }

  void fileUnchanged() {
    unchanged.incrementAndGet();
    filesDone.incrementAndGet();
  }

  void fileIsNoText() {
    notText.incrementAndGet();
    filesDone.incrementAndGet();
  }

  void fileFailed() {
    failed.incrementAndGet();
    filesDone.incrementAndGet();
  }

  void documentsRemoved(int count) {
    removed.addAndGet(count);
  }

  ScanReport report() {
    State now = state;
    long nanos = (now.running() ? System.nanoTime() : end.get()) - begin;
    double seconds = Math.round(nanos / 1e6) / 1e3;
    long written = rows.get();
    DatabaseStats.LockStats lock = database.stats().since(before).lock();
    return new ScanReport(
        now,
        folderName,
        files,
        filesDone.get(),
        documents.get(),
        paragraphs.get(),
        written,
        unchanged.get(),
        notText.get(),
        failed.get(),
        removed.get(),
        complete,
        seconds,
        seconds == 0 ? 0 : Math.round(written / seconds),
        inFlight.get(),
        mostInFlight.get(),
        new LockCost(
            lock.attempts(), lock.totalWait().toMillis(), lock.retries(), lock.failures()));
  }
}
