/**
 * Power loss: everything that a process asks of the disk is recorded by a library between SQLite
 * and the system calls ({@code src/test/c/plog.c}), and from the record come the files that a disk
 * may hold when the power fails at any point of it.
 */
@NullMarked
package io.github.reactivesqlite.reliability.power;

import org.jspecify.annotations.NullMarked;
