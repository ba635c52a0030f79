package io.github.reactivesqlite.reliability.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.history.Asking.Expected;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** The checker alone, by histories that are written by hand. */
@Tag("reliability")
class HistoryCheckerTest {

  static Stream<Example> examples() {
    return Stream.of(WriteExamples.ALL, ReadExamples.ALL, RowExamples.ALL).flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void keptRulesAreNotReported(Example example) {
    assertThat(new HandMade(example.both() + '\n' + example.kept()).judge()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void brokenRulesAreReportedAndNoOthers(Example example) {
    assertThat(new HandMade(example.both() + '\n' + example.broken()).judge())
        .extracting(Violation::rule)
        .hasSameElementsAs(example.rules());
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void everyRuleHasAnExample(Rule rule) {
    assertThat(examples()).anySatisfy(example -> assertThat(example.rules()).contains(rule));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a 10.. WRITE rows=1",
        "a 10..20 WRITE UNKNOWN rows=1 why=cancelled",
        "a 10.. STREAM items=1"
      })
  void whatNobodyKnowsMayBeThereOrNot(String asked) {
    assertThat(new HandMade(asked).judge()).isEmpty();
    assertThat(new HandMade(asked + "\nentry a 0").judge()).isEmpty();
  }

  @Test
  void producersOfDifferentProcessesOweEachOtherNothing() {
    String together =
        """
        a 10..40 WRITE OK rows=1 by=0.p
        b 20..30 WRITE OK rows=1 by=1.p
        entry b 0
        entry a 0
        """;
    assertThat(new HandMade(together).judge()).isEmpty();
  }

  @Test
  void producersOfDifferentLivesHaveDifferentNames(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("names.log");
    try (HistoryLog log = new HistoryLog(path)) {
      for (String life : List.of("0", "1")) {
        Bounded.get(
            new Asking(log, life)
                .ask("p", Kind.WRITE, Expected.SUCCESS, "rows=1", id -> Mono.just("changed=1")));
      }
    }

    assertThat(new History().addLog(path).operations())
        .extracting(Operation::client)
        .containsExactly("0.p", "1.p");
  }

  @Test
  void lineThatWasCutOffByAKillIsIgnored(@TempDir Path directory) throws IOException {
    Path log = directory.resolve("cut.log");
    Files.writeString(
        log,
        """
        invoke a 10 - WRITE rows=1
        answer a 20 OK changed=1
        invoke b 30 - WRI""");
    History history = new History().addLog(log);
    assertThat(history.operations()).extracting(Operation::id).containsExactly("a");
    assertThat(history.operations()).extracting(Operation::answer).containsExactly(Answer.OK);
  }
}
