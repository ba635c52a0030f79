package io.github.reactivesqlite.reliability.history;

import java.util.List;

/** What may become of units and streams of entries. */
final class WriteExamples {

  private WriteExamples() {}

  static final List<Example> ALL =
      List.of(
          Example.of(
              Rule.NOTHING_ACKNOWLEDGED_IS_LOST,
              "a write",
              "a 10..20 WRITE OK rows=1",
              "entry a 0",
              ""),
          Example.of(
              Rule.NOTHING_ACKNOWLEDGED_IS_LOST,
              "the end of a stream",
              """
              s 10..20 STREAM OK items=2
              entry s 0
              """,
              "entry s 1",
              ""),
          Example.of(
              Rule.NOTHING_ACKNOWLEDGED_IS_LOST,
              "an acknowledged chunk of a stream that was cut off",
              """
              s 10.. STREAM items=3
              progress s 20 2
              entry s 0
              """,
              "entry s 1",
              ""),
          Example.of(
              Rule.NOTHING_ACKNOWLEDGED_IS_LOST,
              "what a failed stream said to be committed",
              """
              s 10..20 STREAM FAILED items=3 expect=fail committed=2
              entry s 0
              """,
              "entry s 1",
              ""),
          Example.of(
              Rule.NOTHING_FAILED_IS_THERE,
              "a unit",
              "a 10..20 WRITE FAILED rows=1 expect=fail",
              "",
              "entry a 0"),
          Example.of(
              Rule.NOTHING_FAILED_IS_THERE,
              "the failed chunk of a stream",
              """
              s 10..20 STREAM FAILED items=3 expect=fail committed=1
              entry s 0
              """,
              "",
              "entry s 1"),
          Example.of(
              Rule.NOTHING_IS_THERE_TWICE,
              "a unit",
              """
              a 10..20 WRITE OK rows=1
              entry a 0
              """,
              "",
              "entry a 0"),
          Example.of(
              Rule.NOTHING_IS_THERE_TWICE,
              "an item of a stream",
              """
              s 10..20 STREAM OK items=2
              entry s 0
              entry s 1
              """,
              "",
              "entry s 1"),
          Example.of(
              Rule.NO_UNIT_IS_PARTIAL,
              "a unit without an answer",
              """
              a 10.. WRITE rows=2
              entry a 0
              """,
              "entry a 1",
              ""),
          Example.of(
              Rule.NO_UNIT_IS_PARTIAL,
              "a cancelled unit",
              "a 10..20 WRITE UNKNOWN rows=2 why=cancelled",
              "",
              "entry a 1"),
          Example.of(
              Rule.NO_UNIT_IS_PARTIAL,
              "a chunk of a stream that was cut off",
              """
              s 10.. STREAM items=4
              entry s 0 of 0 2
              entry s 1 of 0 2
              entry s 2 of 2 2
              """,
              "entry s 3 of 2 2",
              ""),
          Example.of(
              Rule.NO_UNIT_IS_PARTIAL, "a transfer", "", "sides 3990 4010", "sides 3990 4000"),
          Example.of(
              Rule.NO_UNITS_ARE_INTERLEAVED,
              "two units",
              """
              a 10..20 WRITE OK rows=2
              b 10..20 WRITE OK rows=1
              entry a 0
              """,
              """
              entry a 1
              entry b 0
              """,
              """
              entry b 0
              entry a 1
              """),
          Example.of(
              Rule.NO_UNITS_ARE_INTERLEAVED,
              "a chunk and a unit",
              """
              s 10..20 STREAM OK items=2
              a 10..20 WRITE OK rows=1
              entry s 0 of 0 2
              """,
              """
              entry s 1 of 0 2
              entry a 0
              """,
              """
              entry a 0
              entry s 1 of 0 2
              """),
          Example.of(
              Rule.NOTHING_IS_INVENTED, "a unit", "a 10.. WRITE rows=1", "entry a 0", "entry b 0"),
          Example.of(
              Rule.NOTHING_IS_INVENTED,
              "an entry of somebody who wrote none",
              """
              i 10..20 INCREMENT OK counter=0
              counter 0 1
              """,
              "",
              "entry i 0"),
          Example.of(
              Rule.NOTHING_IS_INVENTED,
              "more items than a stream has",
              """
              s 10.. STREAM items=1
              entry s 0
              """,
              "",
              "entry s 1"),
          Example.of(
              Rule.STREAMS_ARE_PREFIXES,
              "a gap",
              """
              s 10.. STREAM items=3
              entry s 0
              """,
              "entry s 1",
              "entry s 2"),
          Example.of(
              Rule.RETURNED_IS_COMMITTED,
              "the number of an entry",
              """
              a 10..20 WRITE OK rows=1
              entry a 0
              entry b 0
              """,
              "b 10..20 WRITE OK rows=1 seq=2",
              "b 10..20 WRITE OK rows=1 seq=1"),
          Example.of(
              Rule.PRODUCERS_KEEP_THEIR_ORDER,
              "a cancelled write does not come later",
              """
              a 10..20 WRITE UNKNOWN rows=1 by=p why=cancelled
              b 30..40 WRITE OK rows=1 by=p
              """,
              """
              entry a 0
              entry b 0
              """,
              """
              entry b 0
              entry a 0
              """),
          Example.of(
              Rule.REAL_TIME_ORDER,
              "of two writes",
              """
              a 10..20 WRITE OK rows=1
              b 30..40 WRITE OK rows=1
              """,
              """
              entry a 0
              entry b 0
              """,
              """
              entry b 0
              entry a 0
              """),
          Example.of(
              Rule.REAL_TIME_ORDER,
              "of an acknowledged chunk and a write",
              """
              s 10.. STREAM items=1
              progress s 20 1
              b 30..40 WRITE OK rows=1
              """,
              """
              entry s 0
              entry b 0
              """,
              """
              entry b 0
              entry s 0
              """),
          Example.of(
              Rule.WHAT_MUST_FAIL_FAILS,
              "a write with a mistake in it",
              "",
              "a 10..20 WRITE FAILED rows=1 expect=fail why=NOT_NULL",
              """
              a 10..20 WRITE OK rows=1 expect=fail
              entry a 0
              """),
          Example.of(
              Rule.NOTHING_FAILS_UNPROVOKED,
              "a write without a mistake",
              "",
              """
              a 10..20 WRITE OK rows=1
              entry a 0
              """,
              "a 10..20 WRITE FAILED rows=1 error=DatabaseBusyException"),
          Example.of(
              Rule.EVERYTHING_IS_ANSWERED,
              "by a process that came to rest",
              "a 10.. WRITE rows=1",
              "",
              "stopped"),
          Example.of(
              Rule.ANSWERED_ONCE,
              "an operation",
              """
              a 10..20 WRITE OK rows=1
              entry a 0
              """,
              "",
              "answer a 30 FAILED"),
          Example.of(
              Rule.ANSWERED_ONCE,
              "in one life",
              """
              a 10..20 WRITE OK rows=1
              life
              entry a 0
              """,
              "",
              "a 10..20 WRITE OK rows=1"));
}
