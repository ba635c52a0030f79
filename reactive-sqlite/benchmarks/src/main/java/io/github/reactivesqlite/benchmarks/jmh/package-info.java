/** The hot paths one by one, measured by JMH. */
@NullMarked
package io.github.reactivesqlite.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
