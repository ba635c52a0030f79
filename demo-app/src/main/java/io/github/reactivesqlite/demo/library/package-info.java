/** What the library holds, and the statements that read and write it. */
@NullMarked
package io.github.reactivesqlite.demo.library;

import org.jspecify.annotations.NullMarked;
