package io.github.reactivesqlite.jobs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.Disposable;

/**
 * Tells idle workers that jobs may have become available. A signal too many costs an empty claim; a
 * signal too few costs up to one poll interval.
 */
interface WakeUps {

  /** Calls back after each signal, on the thread that gave it. */
  Disposable listen(Runnable onSignal);

  /** Something was committed that can make jobs available. */
  void signal();

  /** Signals of this process, given by those who write. */
  static WakeUps inProcess() {
    List<Runnable> listeners = new CopyOnWriteArrayList<>();
    return new WakeUps() {
      @Override
      public Disposable listen(Runnable onSignal) {
        // A listener of its own, so that the same one can listen twice
        Runnable added = () -> onSignal.run();
        listeners.add(added);
        return () -> listeners.remove(added);
      }

      @Override
      public void signal() {
        listeners.forEach(Runnable::run);
      }
    };
  }
}
