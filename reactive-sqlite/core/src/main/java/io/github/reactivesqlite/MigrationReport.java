package io.github.reactivesqlite;

import java.util.List;

/**
 * What {@link ReactiveDatabase#migrate(List)} did.
 *
 * @param applied the versions applied by this call, in order
 * @param alreadyApplied how many of the given versions had been applied before
 * @param version the schema's version now; 0 without any
 */
public record MigrationReport(List<Long> applied, int alreadyApplied, long version) {

  /** Makes the list immutable. */
  public MigrationReport {
    applied = List.copyOf(applied);
  }
}
