package io.github.reactivesqlite.reliability.system;

import io.github.reactivesqlite.process.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A child JVM with the database open, which does as it is told and keeps a ledger. */
final class Peer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ChildJvm child;
  private final Path ledger;

  private Peer(ChildJvm child, Path ledger) {
    this.child = child;
    this.ledger = ledger;
  }

  /** An answer to one operation of the child. */
  record Told(String fate, String kind, Duration took, String message) {

    boolean isAcknowledged() {
      return fate.equals("ACKNOWLEDGED");
    }
  }

  /** Starts it, without waiting; the number tells it from others on the same file. */
  static Peer start(Path scratch, Path file, int number) {
    return start(scratch, file, number, launch -> launch);
  }

  /** As {@link #start(Path, Path, int)}, in a special way. */
  static Peer start(Path scratch, Path file, int number, UnaryOperator<ChildJvm.Launch> specially) {
    Path ledger = scratch.resolve("ledger-" + number);
    return new Peer(
        specially
            .apply(ChildJvm.of(scratch, PeerMain.class))
            .start(file, ledger, number * 1_000_000_000L),
        ledger);
  }

  /** Waits until the database is open there. */
  Peer awaitReady() throws InterruptedException {
    awaitAnswer();
    return this;
  }

  /** Gives a command and waits for the answer. */
  String ask(String command) throws InterruptedException {
    child.say(command);
    return awaitAnswer();
  }

  /** Gives a command that is answered by the end of an operation. */
  Told tell(String command) throws InterruptedException {
    String[] words = ask(command).split(" ", 4);
    return new Told(words[0], words[1], Duration.ofMillis(Long.parseLong(words[2])), words[3]);
  }

  private String awaitAnswer() throws InterruptedException {
    return child.awaitLine(PeerMain.ANSWER, PATIENCE);
  }

  /** Units of its load that were acknowledged so far. */
  long acknowledged() throws InterruptedException {
    return Long.parseLong(ask("acknowledged"));
  }

  /** Waits until its load has come on, and says how long that took. */
  Duration awaitProgress() throws InterruptedException {
    long begun = System.nanoTime();
    long before = acknowledged();
    while (acknowledged() <= before) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new AssertionError("No progress:\n" + child.transcript());
      }
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Closes the database there and waits until the process has ended by itself. */
  String end() throws InterruptedException {
    String closed = ask("close");
    if (!child.endsWithin(PATIENCE) || child.exitCode() != 0) {
      throw new AssertionError("It did not end well:\n" + child.transcript());
    }
    return closed;
  }

  Path ledger() {
    return ledger;
  }

  long pid() {
    return child.pid();
  }

  void kill() throws InterruptedException {
    child.kill();
  }

  @Override
  public void close() throws InterruptedException {
    child.close();
  }
}
