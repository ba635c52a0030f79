/** A look at a database file from the command line. */
@NullMarked
package io.github.reactivesqlite.demo.doctor;

import org.jspecify.annotations.NullMarked;
