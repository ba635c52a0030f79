package io.github.reactivesqlite.reliability.history;

import java.util.List;

/** What reads of the entries may see. */
final class ReadExamples {

  private ReadExamples() {}

  static final List<Example> ALL =
      List.of(
          Example.of(
              Rule.NO_READ_IS_STALE,
              "the table after a write",
              """
              a 10..20 WRITE OK rows=1
              entry a 0
              """,
              """
              q 20..40 LOOK OK max=0 count=0
              r 30..40 LOOK OK max=1 count=1
              """,
              "r 30..40 LOOK OK max=0 count=0"),
          Example.of(
              Rule.NO_READ_IS_STALE,
              "by other processes too, for the one that was answered last was not the first there",
              """
              a 10..20 WRITE OK rows=1
              life
              b 10..30 WRITE OK rows=1
              c 35.. WRITE rows=1
              entry b 0
              entry a 0
              entry c 0
              life
              """,
              "r 40..50 LOOK OK max=2 count=2",
              "r 40..50 LOOK OK max=1 count=1"),
          Example.of(
              Rule.NO_READ_IS_STALE,
              "the table after an acknowledged chunk",
              """
              s 10.. STREAM items=2
              progress s 20 1
              entry s 0
              entry s 1
              """,
              "r 30..40 LOOK OK max=1 count=1",
              "r 30..40 LOOK OK max=0 count=0"),
          Example.of(
              Rule.NO_READ_IS_STALE,
              "one unit",
              """
              a 10..20 WRITE OK rows=1
              entry a 0
              """,
              "r 20..40 LOOK_UNIT OK unit=a rows=0",
              "r 30..40 LOOK_UNIT OK unit=a rows=0"),
          Example.of(
              Rule.NO_READ_IS_AHEAD,
              "the table before a write",
              """
              a 30..40 WRITE OK rows=1
              entry a 0
              """,
              "r 10..30 LOOK OK max=1 count=1",
              "r 10..20 LOOK OK max=1 count=1"),
          Example.of(
              Rule.NO_READ_IS_AHEAD,
              "one unit",
              """
              a 30..40 WRITE OK rows=1
              entry a 0
              """,
              """
              q 10..30 LOOK_UNIT OK unit=a rows=1
              r 10..20 LOOK_UNIT OK unit=a rows=0
              """,
              "r 10..20 LOOK_UNIT OK unit=a rows=1"),
          Example.of(
              Rule.NO_READ_GOES_BACK,
              "behind a write without an answer that was seen",
              """
              a 10.. WRITE rows=1
              entry a 0
              q 20..30 LOOK OK max=1 count=1
              """,
              "r 30..50 LOOK OK max=0 count=0",
              "r 40..50 LOOK OK max=0 count=0"),
          Example.of(
              Rule.READS_ARE_SNAPSHOTS,
              "without a hole",
              """
              a 10..20 WRITE OK rows=2
              entry a 0
              entry a 1
              """,
              "r 30..40 LOOK OK max=2 count=2",
              "r 30..40 LOOK OK max=2 count=1"),
          Example.of(
              Rule.READS_ARE_SNAPSHOTS,
              "the same again",
              """
              a 10..40 WRITE OK rows=1
              entry a 0
              """,
              "r 20..30 LOOK OK max=0 count=0 again=0",
              "r 20..30 LOOK OK max=0 count=0 again=1"),
          Example.of(
              Rule.READS_ARE_SNAPSHOTS,
              "both sides of a transfer",
              "",
              "r 20..30 LOOK OK max=0 count=0 left=3990 right=4010",
              "r 20..30 LOOK OK max=0 count=0 left=3990 right=4000"),
          Example.of(
              Rule.READS_ARE_SNAPSHOTS,
              "a unit as a whole",
              """
              a 10..40 WRITE OK rows=2
              entry a 0
              entry a 1
              """,
              "r 20..30 LOOK_UNIT OK unit=a rows=2",
              "r 20..30 LOOK_UNIT OK unit=a rows=1"),
          Example.of(
              Rule.NOTHING_SEEN_IS_LOST,
              "a write without an answer, seen in the table",
              """
              a 10.. WRITE rows=1
              r 20..30 LOOK OK max=1 count=1
              """,
              "entry a 0",
              ""),
          Example.of(
              Rule.NOTHING_SEEN_IS_LOST,
              "a write without an answer, seen alone",
              """
              a 10.. WRITE rows=1
              r 20..30 LOOK_UNIT OK unit=a rows=1
              """,
              "entry a 0",
              ""),
          Example.of(
              Rule.NOTHING_SEEN_IS_LOST,
              "an entry from the middle",
              """
              a 10..20 WRITE OK rows=1
              b 30..40 WRITE OK rows=1
              entry a 0
              """,
              "entry b 0",
              """
              gap
              entry b 0
              """),
          Example.of(
              Rule.NOTHING_FAILED_IS_THERE,
              "not even for a read",
              "a 10..20 WRITE FAILED rows=1 expect=fail",
              "r 12..18 LOOK_UNIT OK unit=a rows=0",
              "r 12..18 LOOK_UNIT OK unit=a rows=1"),
          Example.of(
              Rule.NOTHING_IS_INVENTED,
              "a unit that is looked for",
              "a 10.. WRITE rows=1",
              "r 20..30 LOOK_UNIT OK unit=a rows=0",
              "r 20..30 LOOK_UNIT OK unit=b rows=0"));
}
