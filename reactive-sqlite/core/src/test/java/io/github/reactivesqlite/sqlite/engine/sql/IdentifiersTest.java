package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

  @Test
  void quotesAndDoublesQuotes() {
    assertThat(Identifiers.quote("a")).isEqualTo("\"a\"");
    assertThat(Identifiers.quote("a\"b")).isEqualTo("\"a\"\"b\"");
    assertThat(Identifiers.quote("\"")).isEqualTo("\"\"\"\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\"; DROP TABLE t; --", "\"\"\"", "'", "]", "`", " ", "\n", "😀", "/*"})
  void anyNameIsOneToken(String name) {
    List<Token> tokens = Lexer.tokens(Identifiers.quote(name));

    assertThat(tokens).hasSize(1);
    assertThat(tokens.get(0).type()).isEqualTo(Type.QUOTED_NAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0", "\0", "\uD83D", "\uDE00", "a\uDE00\uD83D", "\uD83Da"})
  void namesThatCannotBeEncodedAreRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Identifiers.quote(name));
  }
}
