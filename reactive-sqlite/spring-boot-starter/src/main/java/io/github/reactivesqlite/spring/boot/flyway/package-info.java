/** Flyway beside the database: on its file, and before it is opened. */
@NullMarked
package io.github.reactivesqlite.spring.boot.flyway;

import org.jspecify.annotations.NullMarked;
