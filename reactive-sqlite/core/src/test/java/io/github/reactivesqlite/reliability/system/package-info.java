/**
 * Faults made with the operating system: full and read-only volumes, limits of the process, stopped
 * and killed processes, files taken away, a wall clock that jumps. Against real files, child JVMs
 * and foreign processes.
 */
@NullMarked
package io.github.reactivesqlite.reliability.system;

import org.jspecify.annotations.NullMarked;
