/**
 * Durable jobs and reactive workers over the facade: rows of the application's own database,
 * claimed on demand, held by leases, acknowledged in batches. A job runs at least once.
 */
@NullMarked
package io.github.reactivesqlite.jobs;

import org.jspecify.annotations.NullMarked;
