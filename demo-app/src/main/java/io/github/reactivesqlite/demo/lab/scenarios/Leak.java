package io.github.reactivesqlite.demo.lab.scenarios;

import java.util.ArrayList;
import java.util.List;

/** What an application forgot to close: counted up to a limit, and closed at the end. */
final class Leak<T extends AutoCloseable> {

  private final int most;
  // Guarded by this
  private final List<T> forgotten = new ArrayList<>();

  Leak(int most) {
    this.most = most;
  }

  /** Forgets one; false if there are too many, and then it is the caller's to close. */
  synchronized boolean forget(T one) {
    return forgotten.size() < most && forgotten.add(one);
  }

  /** Takes all of them back. */
  synchronized List<T> remember() {
    List<T> all = List.copyOf(forgotten);
    forgotten.clear();
    return all;
  }
}
