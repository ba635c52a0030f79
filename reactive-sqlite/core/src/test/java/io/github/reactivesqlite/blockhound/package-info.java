/** Shows that no call of the facade blocks a thread that must not block. */
@NullMarked
package io.github.reactivesqlite.blockhound;

import org.jspecify.annotations.NullMarked;
