/** How a folder of text files gets into the library. */
@NullMarked
package io.github.reactivesqlite.demo.scan;

import org.jspecify.annotations.NullMarked;
