package io.github.reactivesqlite.spring.boot.jobs;

/** The jobs could not be given their tables; the cause says why. */
final class JobsStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient JobsDatabase database;

  JobsStartException(JobsDatabase database, Throwable cause) {
    super(
        "The tables of the jobs could not be made or brought up to date in "
            + database.described()
            + ": "
            + cause.getMessage(),
        cause);
    this.database = database;
  }

  /** Where the tables belong. */
  JobsDatabase database() {
    return database;
  }
}
