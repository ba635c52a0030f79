package io.github.reactivesqlite.demo.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FtsQueryTest {

  @Test
  void everyWordIsQuotedAndTheLastMayGoOn() {
    assertThat(FtsQuery.of("  green OR\tre ")).isEqualTo("\"green\" \"OR\" \"re\"*");
    assertThat(FtsQuery.of("say \"hi\"*")).isEqualTo("\"say\" \"\"\"hi\"\"*\"*");
  }

  @Test
  void wordsWithoutLettersAreLeftOut() {
    assertThat(FtsQuery.of("a -- \uD800 * b")).isEqualTo("\"a\" \"b\"*");
    for (String empty : new String[] {"", " ", "-- *", "\"\""}) {
      assertThatThrownBy(() -> FtsQuery.of(empty)).isInstanceOf(RejectedException.class);
    }
  }

  @Test
  void tooManyWordsAreRefused() {
    assertThat(FtsQuery.of("a ".repeat(16))).hasSize(16 * 4);
    assertThatThrownBy(() -> FtsQuery.of("a ".repeat(17))).hasMessageContaining("at most 16");
  }
}
