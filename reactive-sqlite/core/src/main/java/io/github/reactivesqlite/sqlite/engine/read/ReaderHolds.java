package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.metrics.WalPin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The requests that keep a reader beyond one run: streams, snapshots and read units. There are
 * always fewer than readers, so that short reads find one. Each is marked in the metrics, because
 * it keeps the write-ahead log from shrinking. Not thread-safe: the pool guards it.
 */
final class ReaderHolds {

  private record Hold(long since, WalPin pin) {}

  private final ReadServices services;
  private final int most;
  private final Map<ReadRequest, Hold> holds = new HashMap<>();

  ReaderHolds(ReadServices services, int readers) {
    this.services = services;
    this.most = readers - 1;
  }

  boolean isEmpty() {
    return holds.isEmpty();
  }

  int size() {
    return holds.size();
  }

  boolean hasRoom() {
    return holds.size() < most;
  }

  boolean contains(ReadRequest request) {
    return holds.containsKey(request);
  }

  void add(ReadRequest request) {
    long now = services.timer().nanoTime();
    WalPin pin = services.metrics().pinStarted(request.settings.label());
    holds.put(request, new Hold(now, pin));
  }

  /** False if the request held no reader. */
  boolean remove(ReadRequest request) {
    Hold hold = holds.remove(request);
    if (hold == null) {
      return false;
    }
    hold.pin().end();
    return true;
  }

  /** Those that hold a reader now and did so at the given time. */
  List<ReadRequest> since(long atLatest) {
    List<ReadRequest> holders = new ArrayList<>();
    holds.forEach(
        (request, hold) -> {
          if (hold.since() - atLatest <= 0) {
            holders.add(request);
          }
        });
    return holders;
  }
}
