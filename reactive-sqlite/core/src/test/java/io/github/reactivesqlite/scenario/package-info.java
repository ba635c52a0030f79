/** The applications that the library exists for, as tests. */
@NullMarked
package io.github.reactivesqlite.scenario;

import org.jspecify.annotations.NullMarked;
