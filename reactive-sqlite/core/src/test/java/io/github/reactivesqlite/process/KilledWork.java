package io.github.reactivesqlite.process;

/** The ways in which a {@link DoomedWriter} writes, and how it notes them. */
enum KilledWork {
  SINGLE,
  PAIR,
  /** Acknowledged up to a number, excluded: its chunks come one after another. */
  CHUNKS,
  /** As {@link #CHUNKS}. */
  BATCH;

  /** Items per chunk. */
  static final int CHUNK = 40;

  String started(long number) {
    return "started " + name() + " " + number;
  }

  String acknowledged(long number) {
    return "done " + name() + " " + number;
  }
}
