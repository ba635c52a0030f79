package io.github.reactivesqlite.benchmarks.jmh;

import io.github.reactivesqlite.benchmarks.measure.Taker;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Items;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.reactivestreams.Publisher;

/** A peer on a table of {@value #ROWS} rows, at NORMAL durability. */
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else
@State(Scope.Benchmark)
public class OpenPeer {

  static final int ROWS = 10_000;

  /** By name, as in the load run. */
  @Param({"reactive-sqlite", "hikari"})
  public String peer = "reactive-sqlite";

  private final Items items = new Items(1);
  private DatabaseFile file;
  private Path directory;
  private Peer opened;
  private long number;

  /** Once per trial. */
  @Setup(Level.Trial)
  public void open() throws Exception {
    directory = Files.createTempDirectory("jmh");
    file = DatabaseFile.create(directory, "jmh").fill(items, 0, ROWS);
    opened = PeerKind.of(peer).open(file.settings(Durability.NORMAL, Load.MIXED));
  }

  /** Once per trial. */
  @TearDown(Level.Trial)
  public void close() throws Exception {
    opened.close();
    file.close();
    Files.delete(directory);
  }

  Publisher<?> nextInsert() {
    return opened.write(items.insert(number++));
  }

  Publisher<?> nextRead() {
    return opened.read(1 + number++ % ROWS);
  }

  Publisher<?> scan() {
    return opened.scan();
  }

  /** Subscribes to so many together, and waits for all of them to end. */
  void run(int count, Supplier<Publisher<?>> operation) throws InterruptedException {
    Ends ends = new Ends(count);
    for (int i = 0; i < count; i++) {
      operation.get().subscribe(ends);
    }
    ends.await();
  }

  /** Counts down at each end; a failure ends the benchmark. */
  private static final class Ends extends Taker<Object> {

    private final CountDownLatch left;
    private volatile @Nullable Throwable failure;

    Ends(int count) {
      left = new CountDownLatch(count);
    }

    void await() throws InterruptedException {
      left.await();
      if (failure != null) {
        throw new IllegalStateException("An operation failed", failure);
      }
    }

    @Override
    protected void ended(@Nullable Throwable error) {
      if (error != null) {
        failure = error;
      }
      left.countDown();
    }
  }
}
