/** A document library on reactive-sqlite: the application, its start and its end. */
@NullMarked
package io.github.reactivesqlite.demo;

import org.jspecify.annotations.NullMarked;
