package io.github.reactivesqlite.reliability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.disk.Arena.Answer;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import org.jspecify.annotations.Nullable;

/** What is behind an error. */
final class Failures {

  private Failures() {}

  /** The first of a kind among an error and its causes. */
  static <T extends Throwable> @Nullable T find(Throwable error, Class<T> kind) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (kind.isInstance(at)) {
        return kind.cast(at);
      }
    }
    return null;
  }

  /** The same, where there has to be one. */
  static <T extends Throwable> T in(Throwable error, Class<T> kind) {
    T found = find(error, kind);
    if (found == null) {
      throw new AssertionError("No " + kind.getSimpleName(), error);
    }
    return found;
  }

  static StorageException.Kind storageKindOf(Throwable error) {
    return in(error, StorageException.class).kind();
  }

  /** That a unit failed, for sure, by a storage error of one of these kinds. */
  static void assertFailed(String what, Answer answer, StorageException.Kind... kinds) {
    assertThat(answer.fate()).as("%s: %s", what, answer.error()).isEqualTo(Fate.FAILED);
    assertThat(storageKindOf(answer.failure())).as(what).isIn((Object[]) kinds);
  }
}
