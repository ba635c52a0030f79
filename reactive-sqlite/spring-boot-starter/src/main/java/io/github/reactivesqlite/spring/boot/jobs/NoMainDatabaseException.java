package io.github.reactivesqlite.spring.boot.jobs;

import java.util.Collection;

/** Nothing says in which database the jobs are: there are several, or none has a view. */
final class NoMainDatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String advice;

  private NoMainDatabaseException(String message, String advice) {
    super(message);
    this.advice = advice;
  }

  /** There are several, none of which is the main one. */
  static NoMainDatabaseException among(Collection<JobsDatabase> all) {
    String other =
        "declare the TransactionAwareDatabase of the right one as a bean with @Primary, or a Jobs"
            + " bean of the application's own. If it has no jobs, set"
            + " reactive-sqlite.jobs.enabled=false.";
    String choice = String.join(", ", all.stream().map(JobsDatabase::name).toList());
    return new NoMainDatabaseException(
        "There are several databases, and none of them is the main one, so it is open in which of"
            + " them the jobs are.",
        choice.isEmpty()
            ? Character.toUpperCase(other.charAt(0)) + other.substring(1)
            : "Set reactive-sqlite.jobs.database to one of these: " + choice + "; or " + other);
  }

  /** There is one, but jobs join transactions only through a view of it. */
  static NoMainDatabaseException withoutView() {
    return new NoMainDatabaseException(
        "There is no TransactionAwareDatabase, through which the jobs would be written.",
        "Declare TransactionAwareDatabase.of(database) as a bean, or a Jobs bean of the"
            + " application's own, or let SqliteAutoConfiguration make the view. If the"
            + " application has no jobs, set reactive-sqlite.jobs.enabled=false.");
  }

  /** What to do about it. */
  String advice() {
    return advice;
  }
}
