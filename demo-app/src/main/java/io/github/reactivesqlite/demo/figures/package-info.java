/** What the application measures about itself and its database, second by second. */
@NullMarked
package io.github.reactivesqlite.demo.figures;

import org.jspecify.annotations.NullMarked;
