package io.github.reactivesqlite.reliability.disk;

/** What happens in a child process on a faulty disk; has a constructor without parameters. */
@FunctionalInterface
interface Scenario {
  void run(Arena arena) throws Exception;
}
