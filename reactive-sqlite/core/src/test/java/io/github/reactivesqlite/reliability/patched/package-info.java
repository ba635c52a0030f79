/**
 * The library with a few lines changed: its sources are patched by the tests, compiled beside them,
 * and put first on the class path of a child JVM. That is how a process is killed exactly between
 * two steps of the library, and how a library that is broken on purpose shows that the tests would
 * notice. The library itself has no switch for any of it.
 */
@NullMarked
package io.github.reactivesqlite.reliability.patched;

import org.jspecify.annotations.NullMarked;
