/**
 * What the library promises when things go wrong, shown by making them go wrong: kills, faults of
 * the disk, power loss, hostile callers, and a library that is broken on purpose.
 * docs/reliability.md has the table of faults and the figures.
 */
@NullMarked
package io.github.reactivesqlite.reliability;

import org.jspecify.annotations.NullMarked;
