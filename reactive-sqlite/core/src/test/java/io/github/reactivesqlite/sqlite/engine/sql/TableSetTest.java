package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableSetTest {

  private static TableSet of(String... names) {
    return TableSet.of(List.of(names));
  }

  @Test
  void unionKeepsWhatIsThere() {
    assertThat(of("a").union(of("b")).names()).containsExactly("a", "b");
    assertThat(of("a").union(of("A")).names()).containsExactly("a");
    assertThat(of("a").union(TableSet.ALL)).isEqualTo(TableSet.ALL);
    assertThat(TableSet.ALL.union(of("a"))).isEqualTo(TableSet.ALL);
    assertThat(TableSet.NONE.union(of("a"))).isEqualTo(of("a"));
  }

  @Test
  void caseOfAsciiLettersDoesNotCount() {
    assertThat(of("Book").meets(of("bOOK"))).isTrue();
    assertThat(of("Äpfel").meets(of("äpfel"))).isFalse();
    assertThat(of("Book").foldedNames()).containsExactly("BOOK");
    assertThat(of("Book").spelling("BOOK")).isEqualTo("Book");
  }

  @Test
  void allMeetsEveryTableAndNoneMeetsNothing() {
    assertThat(TableSet.ALL.meets(of("a"))).isTrue();
    assertThat(of("a").meets(TableSet.ALL)).isTrue();
    assertThat(TableSet.ALL.meets(TableSet.NONE)).isFalse();
    assertThat(of("a").meets(of("b"))).isFalse();
    assertThat(TableSet.NONE.isEmpty()).isTrue();
    assertThat(TableSet.ALL.isEmpty()).isFalse();
  }
}
