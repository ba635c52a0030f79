/**
 * Faults of the disk, made by a library that stands between SQLite and the system calls ({@code
 * src/test/c/faultfs.c}).
 */
@NullMarked
package io.github.reactivesqlite.reliability.disk;

import org.jspecify.annotations.NullMarked;
