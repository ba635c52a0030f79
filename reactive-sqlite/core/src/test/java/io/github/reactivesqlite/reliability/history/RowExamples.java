package io.github.reactivesqlite.reliability.history;

import java.util.List;
import java.util.Set;

/** What may become of counters, versioned rows and unique keys. */
final class RowExamples {

  private RowExamples() {}

  private static final String ONE_INCREMENT = "i 10..20 INCREMENT OK counter=0";
  private static final String OPEN_INCREMENT =
      """
      i 10.. INCREMENT counter=0
      counter 0 1
      """;
  private static final String ONE_SWAP =
      """
      w 10..20 SWAP OK row=0 version=0 changed=1
      row 0 1 w
      """;

  static final List<Example> ALL =
      List.of(
          Example.of(
              Rule.COUNTERS_ADD_UP, "not to less", ONE_INCREMENT, "counter 0 1", "counter 0 0"),
          Example.of(
              Rule.COUNTERS_ADD_UP, "not to more", ONE_INCREMENT, "counter 0 1", "counter 0 2"),
          Example.of(
              Rule.COUNTERS_ADD_UP,
              "failed ones do not count",
              "i 10..20 INCREMENT FAILED counter=0 expect=fail",
              "counter 0 0",
              "counter 0 1"),
          Example.of(
              Rule.COUNTERS_ADD_UP,
              "to each value once",
              """
              i 10..20 INCREMENT OK counter=0 n=1
              counter 0 2
              """,
              "j 10..20 INCREMENT OK counter=0 n=2",
              "j 10..20 INCREMENT OK counter=0 n=1"),
          Example.of(
              Rule.RETURNED_IS_COMMITTED,
              "a counter",
              "counter 0 1",
              "i 10..20 INCREMENT OK counter=0 n=1",
              "i 10..20 INCREMENT OK counter=0 n=2"),
          Example.of(
              Rule.REAL_TIME_ORDER,
              "of two increments",
              "counter 0 2",
              """
              i 10..20 INCREMENT OK counter=0 n=1
              j 30..40 INCREMENT OK counter=0 n=2
              """,
              """
              i 10..20 INCREMENT OK counter=0 n=2
              j 30..40 INCREMENT OK counter=0 n=1
              """),
          Example.of(
              Rule.NO_READ_IS_STALE,
              "a counter",
              """
              i 10..20 INCREMENT OK counter=0
              counter 0 1
              """,
              "r 20..40 LOOK_COUNTER OK counter=0 n=0",
              "r 30..40 LOOK_COUNTER OK counter=0 n=0"),
          Example.of(
              Rule.NO_READ_IS_AHEAD,
              "a counter",
              """
              i 30..40 INCREMENT OK counter=0
              counter 0 1
              """,
              "r 10..30 LOOK_COUNTER OK counter=0 n=1",
              "r 10..20 LOOK_COUNTER OK counter=0 n=1"),
          Example.of(
              Rule.NO_READ_GOES_BACK,
              "a counter",
              OPEN_INCREMENT + "q 20..30 LOOK_COUNTER OK counter=0 n=1",
              "r 30..50 LOOK_COUNTER OK counter=0 n=0",
              "r 40..50 LOOK_COUNTER OK counter=0 n=0"),
          Example.of(
              Rule.NOTHING_SEEN_IS_LOST,
              "a counter",
              """
              i 10.. INCREMENT counter=0
              r 20..30 LOOK_COUNTER OK counter=0 n=1
              """,
              "counter 0 1",
              "counter 0 0"),
          Example.of(
              Rule.NOTHING_ACKNOWLEDGED_IS_LOST,
              "a version",
              "w 10..20 SWAP OK row=0 version=0 changed=1",
              "row 0 1 w",
              "row 0 0 nobody"),
          Example.of(
              Rule.ONE_SWAP_MAKES_A_VERSION,
              "of two that say so",
              ONE_SWAP,
              "x 5..25 SWAP OK row=0 version=0 changed=0",
              """
              x 5..25 SWAP OK row=0 version=0 changed=1
              row 0 1 x
              """),
          Example.of(
              Rule.ONE_SWAP_MAKES_A_VERSION,
              "the one whose name is read",
              ONE_SWAP + "x 5.. SWAP row=0 version=0",
              "r 30..40 LOOK_ROW OK row=0 version=1 writer=w",
              "r 30..40 LOOK_ROW OK row=0 version=1 writer=x"),
          Example.of(
              Rule.SWAPS_ARE_REFUSED_FOR_A_REASON,
              "somebody was faster",
              ONE_SWAP,
              "x 5..10 SWAP OK row=0 version=0 changed=0",
              "x 5..9 SWAP OK row=0 version=0 changed=0"),
          Example.of(
              Rule.SWAPS_ARE_REFUSED_FOR_A_REASON,
              "somebody may have been faster",
              """
              x 20..30 SWAP OK row=0 version=0 changed=0
              row 0 1 w
              """,
              "w 30.. SWAP row=0 version=0",
              "w 31.. SWAP row=0 version=0"),
          Example.of(
              Rule.NOTHING_IS_INVENTED,
              "a version",
              """
              x 20..30 SWAP OK row=0 version=1 changed=1
              row 0 2 x
              """,
              "w 10.. SWAP row=0 version=0",
              ""),
          new Example(
              Set.of(Rule.NOTHING_FAILED_IS_THERE, Rule.NOTHING_IS_INVENTED),
              "a version",
              "w 10..20 SWAP FAILED row=0 version=0 expect=fail",
              "row 0 0 nobody",
              "row 0 1 w"),
          Example.of(
              Rule.REAL_TIME_ORDER,
              "of two versions",
              "row 0 2 x",
              """
              w 10..20 SWAP OK row=0 version=0 changed=1
              x 30..40 SWAP OK row=0 version=1 changed=1
              """,
              """
              w 30..40 SWAP OK row=0 version=0 changed=1
              x 10..20 SWAP OK row=0 version=1 changed=1
              """),
          Example.of(
              Rule.NO_READ_IS_STALE,
              "a version",
              ONE_SWAP,
              "r 20..40 LOOK_ROW OK row=0 version=0 writer=",
              "r 30..40 LOOK_ROW OK row=0 version=0 writer="),
          Example.of(
              Rule.NO_READ_IS_AHEAD,
              "a version",
              ONE_SWAP,
              "r 5..10 LOOK_ROW OK row=0 version=1 writer=w",
              "r 5..9 LOOK_ROW OK row=0 version=1 writer=w"),
          Example.of(
              Rule.NOTHING_SEEN_IS_LOST,
              "a version",
              """
              w 10.. SWAP row=0 version=0
              r 20..30 LOOK_ROW OK row=0 version=1 writer=w
              """,
              "row 0 1 w",
              "row 0 0 nobody"),
          Example.of(
              Rule.NOTHING_ACKNOWLEDGED_IS_LOST,
              "a key",
              "c 10..20 CLAIM OK key=7",
              "owner 7 c",
              ""),
          Example.of(
              Rule.NOTHING_FAILED_IS_THERE,
              "a key",
              "c 10..20 CLAIM FAILED key=7 expect=fail",
              "",
              "owner 7 c"),
          Example.of(
              Rule.NOTHING_IS_INVENTED,
              "the owner of a key",
              "c 10.. CLAIM key=7",
              "owner 7 c",
              "owner 8 c"),
          new Example(
              Set.of(Rule.ONE_CLAIM_TAKES_A_KEY, Rule.NOTHING_ACKNOWLEDGED_IS_LOST),
              "of two",
              """
              c 10..20 CLAIM OK key=7
              owner 7 c
              """,
              "d 10..20 CLAIM FAILED key=7 why=UNIQUE",
              "d 10..20 CLAIM OK key=7"),
          Example.of(
              Rule.CLAIMS_ARE_REFUSED_FOR_A_REASON,
              "somebody has the key",
              "c 10..20 CLAIM FAILED key=7 why=UNIQUE",
              """
              d 5.. CLAIM key=7
              owner 7 d
              """,
              ""),
          Example.of(
              Rule.CLAIMS_ARE_REFUSED_FOR_A_REASON,
              "who asked for it before",
              """
              c 10..20 CLAIM FAILED key=7 why=UNIQUE
              owner 7 d
              """,
              "d 20..40 CLAIM OK key=7",
              "d 21..40 CLAIM OK key=7"));
}
