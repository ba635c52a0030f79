package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables behind virtual tables, as their definitions name them. */
class VirtualTableTextTest {

  private static final String CREATE = "CREATE VIRTUAL TABLE ft USING fts5(a, b, ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content=t",
        "content='t'",
        "content = \"t\"",
        "Content=[t]",
        "content=`t`, content_rowid='id'",
        "tokenize = 'porter ascii', content=t",
        "/* x */ content=t",
      })
  void contentTable(String argument) {
    assertThat(VirtualTableText.readsBehind(CREATE + argument + ")")).containsExactly("t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content=''",
        "c",
        "content UNINDEXED",
        "tokenize='content=t'",
        "contentless_delete=1, content=''",
      })
  void noContentTable(String argument) {
    assertThat(VirtualTableText.readsBehind(CREATE + argument + ")")).isEmpty();
  }

  @Test
  void quotesInsideNames() {
    assertThat(VirtualTableText.readsBehind(CREATE + "content='it''s')")).containsExactly("it's");
    assertThat(VirtualTableText.readsBehind(CREATE + "content=\"a \"\"b\"\"\")"))
        .containsExactly("a \"b\"");
  }

  @Test
  void vocabulary() {
    assertThat(VirtualTableText.readsBehind("CREATE VIRTUAL TABLE v USING fts5vocab(ft, 'row')"))
        .containsExactly("ft");
    assertThat(
            VirtualTableText.readsBehind(
                "CREATE VIRTUAL TABLE v USING fts5vocab('main', 'ft', 'row')"))
        .containsExactly("ft");
    assertThat(VirtualTableText.readsBehind("CREATE VIRTUAL TABLE v USING fts4aux(ft)"))
        .containsExactly("ft");
  }

  @Test
  void otherTextsNameNothing() {
    assertThat(VirtualTableText.readsBehind("CREATE TABLE t (content)")).isEmpty();
    assertThat(VirtualTableText.readsBehind("CREATE VIRTUAL TABLE r USING rtree(id, a, b)"))
        .isEmpty();
    assertThat(VirtualTableText.readsBehind("CREATE VIRTUAL TABLE r USING m('open")).isEmpty();
    assertThat(VirtualTableText.readsBehind("")).isEmpty();
  }
}
