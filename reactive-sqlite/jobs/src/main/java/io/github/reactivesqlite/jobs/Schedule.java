package io.github.reactivesqlite.jobs;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** When a recurring job is due: by the calendar of a time zone, or a time after its last run. */
public final class Schedule {

  private static final CronParser UNIX =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
  private static final CronParser WITH_SECONDS =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.SPRING53));
  private static final int UNIX_FIELDS = 5;

  private final String text;
  private final ZoneId zone;
  private final @Nullable ExecutionTime cron;
  private final @Nullable Duration delay;

  private Schedule(
      String text, ZoneId zone, @Nullable ExecutionTime cron, @Nullable Duration delay) {
    this.text = text;
    this.zone = zone;
    this.cron = cron;
    this.delay = delay;
  }

  /**
   * By a cron expression: five fields as in crontab, or six with seconds first as in Spring. A time
   * that a change of the clocks skips does not come on that day: what must run every day is not
   * scheduled between 2 and 3 o'clock, or in UTC.
   *
   * @param expression for example {@code "15 3 * * *"}
   * @param zone the time zone of its hours and days
   * @return the schedule
   * @throws IllegalArgumentException if the expression is not valid
   */
  public static Schedule cron(String expression, ZoneId zone) {
    boolean seconds = expression.strip().split("\\s+").length > UNIX_FIELDS;
    CronParser parser = seconds ? WITH_SECONDS : UNIX;
    return new Schedule(
        expression.strip(), zone, ExecutionTime.forCron(parser.parse(expression.strip())), null);
  }

  /**
   * A time after the last run ended, and at once the first time.
   *
   * @param delay positive
   * @return the schedule
   */
  public static Schedule fixedDelay(Duration delay) {
    if (delay.isNegative() || delay.isZero()) {
      throw new IllegalArgumentException("A positive time is needed, not " + delay);
    }
    return new Schedule("every " + delay, ZoneOffset.UTC, null, delay);
  }

  static Schedule of(String text, String zone) {
    return text.startsWith("every ")
        ? fixedDelay(Duration.parse(text.substring("every ".length())))
        : cron(text, ZoneId.of(zone));
  }

  String text() {
    return text;
  }

  String zone() {
    return zone.getId();
  }

  @Nullable Duration delay() {
    return delay;
  }

  /** The first time after this one; the end of time if there is none. */
  long nextAfter(long millis) {
    if (cron == null) {
      return delay == null ? Long.MAX_VALUE : millis + delay.toMillis();
    }
    return cron.nextExecution(Instant.ofEpochMilli(millis).atZone(zone))
        .map(time -> time.toInstant().toEpochMilli())
        .orElse(Long.MAX_VALUE);
  }

  @Override
  public String toString() {
    return text + (cron == null ? "" : " " + zone);
  }
}
