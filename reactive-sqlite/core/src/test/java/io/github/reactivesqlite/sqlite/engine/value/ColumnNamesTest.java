package io.github.reactivesqlite.sqlite.engine.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnNamesTest {

  @Test
  void findsWithoutRegardToTheCaseOfAsciiLetters() {
    ColumnNames names = ColumnNames.of(List.of("id", "CreatedAt", "straße"));

    assertThat(names.indexOf("ID")).isEqualTo(1);
    assertThat(names.indexOf("createdAT")).isEqualTo(2);
    assertThat(names.indexOf("created_at")).isEqualTo(-1);
    assertThat(names.indexOf("STRAßE")).isEqualTo(3);
    assertThat(names.indexOf("")).isEqualTo(-1);
  }

  @Test
  void firstOfEqualNamesWins() {
    ColumnNames names = ColumnNames.of(List.of("a", "B", "A", "b", "a"));

    assertThat(names.indexOf("a")).isEqualTo(1);
    assertThat(names.indexOf("A")).isEqualTo(1);
    assertThat(names.indexOf("b")).isEqualTo(2);
    assertThat(names.indexOf("B")).isEqualTo(2);
  }

  @Test
  void lettersOutsideAsciiKeepTheirCaseAsInSqlite() {
    ColumnNames names = ColumnNames.of(List.of("É", "é"));

    assertThat(names.indexOf("É")).isEqualTo(1);
    assertThat(names.indexOf("é")).isEqualTo(2);
  }

  @Test
  void listIsImmutableAndTheSameInstance() {
    List<String> given = new ArrayList<>(List.of("a"));
    ColumnNames names = ColumnNames.of(given);
    given.add("b");

    assertThat(names.asList()).containsExactly("a").isSameAs(names.asList());
    assertThat(names.size()).isEqualTo(1);
    assertThatThrownBy(() -> names.asList().add("c"))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
