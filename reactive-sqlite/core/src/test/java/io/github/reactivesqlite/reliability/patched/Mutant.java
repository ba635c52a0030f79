package io.github.reactivesqlite.reliability.patched;

import java.util.List;

/**
 * The library broken on purpose.
 *
 * @param name what is wrong with it
 * @param isQuick whether the short form tries it too
 * @param patches how it is broken
 * @param tests of which at least one must fail: {@code Class} or {@code Class#method}, below the
 *     base package
 */
record Mutant(String name, boolean isQuick, List<SourcePatch> patches, List<String> tests) {

  /** A mutant that the long form tries. */
  static Mutant of(String name, SourcePatch... patches) {
    return new Mutant(name, false, List.of(patches), List.of());
  }

  /** The short form tries it too. */
  Mutant quick() {
    return new Mutant(name, true, patches, tests);
  }

  /** The tests that must notice. */
  Mutant killedBy(String... names) {
    return new Mutant(name, isQuick, patches, List.of(names));
  }

  static SourcePatch patch(String file, String before, String after) {
    return new SourcePatch(file, before, after);
  }

  @Override
  public String toString() {
    return name;
  }
}
