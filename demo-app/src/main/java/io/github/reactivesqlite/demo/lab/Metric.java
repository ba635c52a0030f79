package io.github.reactivesqlite.demo.lab;

import java.util.Locale;

/** Every figure that the lab can measure, with its name in tables. */
public enum Metric {
  /** Units of work that were done. */
  OPERATIONS("Operations done", Unit.COUNT),
  /** The same per second. */
  RATE("Operations a second", Unit.PER_SECOND),
  /** Errors about locks that the code above the driver or the library had to see. */
  LOCK_ERRORS("Lock errors surfaced", Unit.COUNT),
  /** The same per 100 operations asked for. */
  LOCK_ERRORS_PER_100("Lock errors per 100 operations", Unit.NUMBER),
  /** Repeated tries because of locks, by the application or by the library. */
  RETRIES("Retries because of locks", Unit.COUNT),
  /** Operations that were given up, so that their work is lost. */
  GIVEN_UP("Operations given up", Unit.COUNT),
  /** Given up of all operations. */
  FAILURE_RATE("Failed operations", Unit.PERCENT),
  /** From asking for a write to its answer, retries included: the mean. */
  WRITE_MEAN("Mean wait for a write", Unit.MILLIS),
  /** The median of these. */
  WRITE_P50("Write, median", Unit.MILLIS),
  /** The 99th percentile of these. */
  WRITE_P99("Write, 99th percentile", Unit.MILLIS),
  /** The greatest of these. */
  WRITE_MAX("Write, greatest", Unit.MILLIS),
  /** The 99th percentile of reads while nothing else happens. */
  QUIET_READ_P99("Read before the load, 99th percentile", Unit.MILLIS),
  /** The 99th percentile of reads under load. */
  READ_P99("Read, 99th percentile", Unit.MILLIS),
  /** The longest time that one transaction held the write lock. */
  HOLD_MAX("Longest hold of the write lock", Unit.MILLIS),
  /** Holds that were too long and were reported with the name of the operation. */
  HOLDS_REPORTED("Slow holds reported", Unit.COUNT),
  /** The longest COMMIT, which waits for the disk. */
  COMMIT_MAX("Longest COMMIT", Unit.MILLIS),
  /** Transactions committed. */
  COMMITS("Transactions committed", Unit.COUNT),
  /** The same for 100 operations. */
  COMMITS_PER_100("Commits per 100 operations", Unit.NUMBER),
  /** Connections to the database, counted from the open files of the process. */
  CONNECTIONS("Connections, greatest", Unit.COUNT),
  /** Connections that nobody closes any more. */
  CONNECTIONS_LEAKED("Connections leaked", Unit.COUNT),
  /** Jobs that were added. */
  JOBS("Jobs added", Unit.COUNT),
  /** Jobs with exactly one result, or discarded with their error. */
  JOBS_ONCE("Jobs finished exactly once", Unit.COUNT),
  /** Jobs whose work was saved more than once. */
  JOBS_TWICE("Jobs saved more than once", Unit.COUNT),
  /** Jobs that are discarded with their error after the last attempt. */
  JOBS_DISCARDED("Jobs discarded with their error", Unit.COUNT),
  /** Jobs that failed because of a lock, though their work succeeded. */
  JOBS_FAILED_BY_LOCK("Jobs failed by a lock", Unit.COUNT),
  /** Jobs that say they are running when nobody runs them any more. */
  JOBS_STUCK("Jobs stuck in running", Unit.COUNT),
  /** Outcomes of jobs that could not be written. */
  OUTCOMES_LOST("Outcomes that could not be recorded", Unit.COUNT),
  /** Claims and acknowledgements that shared one COMMIT, at most. */
  UNITS_TOGETHER("Claims and acknowledgements in one commit, greatest", Unit.COUNT),
  /** Rows in state running, at most. */
  ROWS_RUNNING("Rows in state running, greatest", Unit.COUNT),
  /** Rows in state running that belong to a process that is gone, at most. */
  ROWS_ORPHANED("Orphaned rows among them, greatest", Unit.COUNT),
  /** Handlers that ran at once in one process, at most. */
  HANDLERS_AT_ONCE("Handlers at once per process, greatest", Unit.COUNT),
  /** How many workers each process has. */
  WORKERS("Workers per process", Unit.COUNT),
  /** Jobs of a killed worker that came back. */
  JOBS_RESCUED("Jobs of the killed process that came back", Unit.COUNT),
  /** Jobs that were started while the queue was paused. */
  STARTED_IN_PAUSE("Jobs started during a pause", Unit.COUNT),
  /** Tasks of the other process that were done. */
  TASKS_DONE("Tasks of the other process done", Unit.COUNT),
  /** Tasks of the other process that failed and lost their work. */
  TASKS_FAILED("Tasks of the other process failed", Unit.COUNT),
  /** Transactions that were ended because they held the lock too long. */
  HOLDS_CAPPED("Own transactions capped", Unit.COUNT),
  /** Units that had to wait for another process, as the library reports them. */
  UNITS_BLOCKED("Units that waited for the other process", Unit.COUNT),
  /** The largest size of a write-ahead log. */
  WAL_MAX("Size of the WAL, greatest", Unit.BYTES),
  /** The same when everybody was done, before the last close. */
  WAL_END("Size of the WAL at the end", Unit.BYTES),
  /** Rows that should be there. */
  ROWS_EXPECTED("Rows written by the program", Unit.COUNT),
  /** Rows that are there. */
  ROWS("Rows in the database", Unit.COUNT),
  /** What the shared counters should say. */
  COUNTER_EXPECTED("Sum that the shared counters should have", Unit.COUNT),
  /** What the shared counters say. */
  COUNTER("Sum of the shared counters", Unit.COUNT),
  /** Processes all of whose rows are there. */
  PROCESSES_COMPLETE("Processes with all their rows", Unit.COUNT),
  /** The time of the fastest process by that of the slowest. */
  FAIRNESS("Fastest by slowest process", Unit.NUMBER),
  /** Rows that a scan wrote. */
  SCAN_ROWS("Rows written by the scan", Unit.COUNT),
  /** Rows of vanished files that were removed. */
  ROWS_CLEANED("Rows of vanished files removed", Unit.COUNT),
  /**
   * How much later than asked for a sleeping thread woke up: what no database can be faster than.
   */
  MACHINE_PAUSE_P99("Pauses of the machine itself, 99th percentile", Unit.MILLIS),
  /** Lock figures that a health page or Prometheus can read. */
  METERS("Lock figures published", Unit.COUNT);

  /** What a figure counts in. */
  public enum Unit {
    /** Things. */
    COUNT(""),
    /** A number with decimals. */
    NUMBER(""),
    /** Things per second. */
    PER_SECOND("1/s"),
    /** Milliseconds. */
    MILLIS("ms"),
    /** Hundredths. */
    PERCENT("%"),
    /** Bytes. */
    BYTES("bytes");

    private final String symbol;

    Unit(String symbol) {
      this.symbol = symbol;
    }

    /**
     * Its symbol.
     *
     * @return empty for plain numbers
     */
    public String symbol() {
      return symbol;
    }
  }

  private final String title;
  private final Unit unit;

  Metric(String title, Unit unit) {
    this.title = title;
    this.unit = unit;
  }

  /**
   * Its name for programs.
   *
   * @return lower case with underscores
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Its name for people.
   *
   * @return some words
   */
  public String title() {
    return title;
  }

  /**
   * What it counts in.
   *
   * @return the unit
   */
  public Unit unit() {
    return unit;
  }

  /**
   * A value as tables show it.
   *
   * @param value the value
   * @return with thousands separated, and with its unit
   */
  public String format(double value) {
    return switch (unit) {
      case COUNT -> String.format(Locale.ROOT, "%,d", Math.round(value));
      case NUMBER -> String.format(Locale.ROOT, "%,.2f", value);
      case PER_SECOND -> String.format(Locale.ROOT, value < 100 ? "%,.1f/s" : "%,.0f/s", value);
      case MILLIS -> String.format(Locale.ROOT, value < 100 ? "%,.1f ms" : "%,.0f ms", value);
      case PERCENT -> String.format(Locale.ROOT, "%.2f %%", value);
      case BYTES -> String.format(Locale.ROOT, "%,.1f MB", value / 1e6);
    };
  }
}
