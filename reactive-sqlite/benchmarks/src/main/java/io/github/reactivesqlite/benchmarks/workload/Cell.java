package io.github.reactivesqlite.benchmarks.workload;

/**
 * One step of a run: a workload on a peer.
 *
 * @param label for the progress bar
 * @param peer whose failure it would be
 * @param run does it, and adds what it found to the results
 */
public record Cell(String label, String peer, Run run) {

  /** The work itself. */
  public interface Run {
    /** Blocks until done. */
    void run() throws Exception;
  }
}
