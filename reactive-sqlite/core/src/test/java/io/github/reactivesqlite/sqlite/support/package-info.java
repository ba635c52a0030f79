/** What several tests of the engine need: second processes, log lines, bounded waits. */
@NullMarked
package io.github.reactivesqlite.sqlite.support;

import org.jspecify.annotations.NullMarked;
