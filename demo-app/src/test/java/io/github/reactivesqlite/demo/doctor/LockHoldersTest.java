package io.github.reactivesqlite.demo.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockHoldersTest {

  @TempDir Path folder;

  @Test
  void tableIsReadAndWaitersAreLeftOut() {
    List<LockHolders.Lock> locks =
        LockHolders.parse(
            List.of(
                "1: POSIX  ADVISORY  READ  4711 fd:00:131 1073741826 1073742335",
                "1: -> POSIX  ADVISORY  WRITE 5 fd:00:131 120 120",
                "2: POSIX  ADVISORY  WRITE 4712 08:01:77 120 120",
                "3: FLOCK  ADVISORY  WRITE 9 00:1f:5 0 EOF",
                "something else"));

    assertThat(locks)
        .containsExactly(
            new LockHolders.Lock(false, 4711, "fd:00", 131, 1073741826),
            new LockHolders.Lock(true, 4712, "08:01", 77, 120),
            new LockHolders.Lock(true, 9, "00:1f", 5, 0));
  }

  @Test
  void missingTableIsNotAvailable() {
    assertThat(new LockHolders(folder.resolve("none")).of(folder.resolve("x.db"))).isEmpty();
  }
}
