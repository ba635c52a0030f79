/** What the actuator shows: the health of the databases, and the endpoint {@code sqlite}. */
@NullMarked
package io.github.reactivesqlite.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
