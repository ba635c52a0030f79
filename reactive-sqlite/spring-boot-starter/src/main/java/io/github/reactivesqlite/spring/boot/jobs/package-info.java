/** Jobs in the context: their tables, their workers, and what both are configured with. */
@NullMarked
package io.github.reactivesqlite.spring.boot.jobs;

import org.jspecify.annotations.NullMarked;
