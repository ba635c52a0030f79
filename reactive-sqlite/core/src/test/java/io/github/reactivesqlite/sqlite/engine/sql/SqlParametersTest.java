package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement.ParameterStyle;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlParametersTest {

  @Nested
  class Styles {

    @Test
    void noneIsNone() {
      SqlStatement statement = SqlStatement.parse("SELECT ':a', \"?\", [@b] -- :c ?");

      assertThat(statement.parameterStyle()).isEqualTo(ParameterStyle.NONE);
      assertThat(statement.parameterCount()).isZero();
      assertThat(statement.parameterNames()).isEmpty();
      assertThat(statement.scalarSql()).isSameAs(statement.text());
      assertThat(statement.render().slotCount()).isZero();
    }

    @Test
    void namesAreListedOnceInOrderOfAppearance() {
      SqlStatement statement = SqlStatement.parse("SELECT :b, :a, :b, :größe, :A, :_1");

      assertThat(statement.parameterStyle()).isEqualTo(ParameterStyle.NAMED);
      assertThat(statement.parameterNames()).containsExactly("b", "a", "größe", "A", "_1");
      assertThat(statement.parameterCount()).isEqualTo(5);
      assertThat(statement.positionalCount()).isZero();
      assertThat(statement.parameterOrdinal("a")).isEqualTo(1);
      assertThat(statement.parameterOrdinal("c")).isEqualTo(-1);
      assertThat(statement.scalarSql()).isEqualTo("SELECT ?1, ?2, ?1, ?3, ?4, ?5");
    }

    @Test
    void positionsCountOnAsSqliteCounts() {
      SqlStatement statement = SqlStatement.parse("SELECT ?, ?3, ?, ?1, ?2");

      assertThat(statement.parameterStyle()).isEqualTo(ParameterStyle.POSITIONAL);
      assertThat(statement.positionalCount()).isEqualTo(4);
      assertThat(statement.parameterCount()).isEqualTo(4);
      assertThat(statement.scalarSql()).isEqualTo("SELECT ?1, ?3, ?4, ?1, ?2");
      assertThat(statement.render().slotCount()).isEqualTo(4);
    }

    @Test
    void gapBetweenPositionsIsKnown() {
      SqlStatement statement = SqlStatement.parse("SELECT ?1, ?3");

      assertThat(statement.positionalCount()).isEqualTo(3);
      assertThat(statement.usesPosition(1)).isTrue();
      assertThat(statement.usesPosition(2)).isFalse();
      assertThat(statement.usesPosition(3)).isTrue();
      assertThat(statement.usesPosition(0)).isFalse();
      assertThat(statement.usesPosition(-1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            SELECT :a, ?          ¦ mixes
            SELECT ?1, :a         ¦ mixes
            SELECT @a             ¦ write :a
            SELECT $a             ¦ write :a
            SELECT $a::b          ¦ CAST
            SELECT :a::text       ¦ CAST
            SELECT :a(b)          ¦ put a space
            SELECT ?0             ¦ ?1 to ?32766
            SELECT ?00            ¦ ?1 to ?32766
            SELECT ?32767         ¦ ?1 to ?32766
            SELECT ?4294967297    ¦ ?1 to ?32766
            SELECT ?99999999999999999999999999 ¦ ?1 to ?32766
            SELECT ?32766, ?      ¦ ?1 to ?32766
            CREATE VIRTUAL TABLE f USING fts5(a, prefix=:p) ¦ no parameters
            """)
    void unsupportedFormsAreRefused(String sql, String advice) {
      assertThatThrownBy(() -> SqlStatement.parse(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining(advice);
    }

    @Test
    void mostParametersAreTakenAndOneMoreIsNot() {
      assertThat(SqlStatement.parse("SELECT ?032766").positionalCount()).isEqualTo(32_766);
      StringBuilder sql = new StringBuilder("SELECT :p0");
      for (int i = 1; i < SqlStatement.MAX_PARAMETERS; i++) {
        sql.append(",:p").append(i);
      }
      assertThat(SqlStatement.parse(sql.toString()).parameterCount()).isEqualTo(32_766);
      assertThatThrownBy(() -> SqlStatement.parse(sql + ",:more"))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("32766");
    }
  }

  @Nested
  class Collections {

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            SELECT 1 WHERE a IN (:ids)                          ¦ true
            SELECT 1 WHERE a not in(/* x */ :ids -- y)          ¦ false
            SELECT 1 WHERE a NOT in(/* x */ :ids /* y */ )      ¦ true
            SELECT 1 WHERE a IN (:ids) OR b IN (:ids)           ¦ true
            SELECT 1 WHERE a IN (:ids) OR :ids IS NULL          ¦ false
            SELECT 1 WHERE a IN (:ids, 1)                       ¦ false
            SELECT 1 WHERE a IN (:ids, :x)                      ¦ false
            SELECT 1 WHERE a IN ((:ids))                        ¦ false
            SELECT 1 WHERE a IN (-:ids)                         ¦ false
            SELECT 1 WHERE a = (:ids)                           ¦ false
            SELECT [in] (:ids)                                  ¦ false
            SELECT 1 WHERE a IN (:x)                            ¦ false
            """)
    void onlyANameAloneInAListAcceptsOne(String sql, boolean accepts) {
      assertThat(SqlStatement.parse(sql).acceptsCollection("ids")).isEqualTo(accepts);
    }

    @ParameterizedTest
    @CsvSource({
      "0,0",
      "1,1",
      "2,2",
      "3,4",
      "4,4",
      "5,8",
      "64,64",
      "65,128",
      "16383,16384",
      "16384,16384",
      "16385,16385",
      "32764,32764"
    })
    void slotsArePaddedToAPowerOfTwoAsFarAsTheyFit(int size, int slots) {
      SqlStatement statement = SqlStatement.parse("SELECT :a WHERE b IN (:ids) AND c = :z");

      Rendered rendered = statement.render(Map.of("ids", size));

      assertThat(rendered.parameterCount()).isEqualTo(3);
      assertThat(rendered.firstSlot(0)).isEqualTo(1);
      assertThat(rendered.slots(0)).isEqualTo(1);
      assertThat(rendered.firstSlot(1)).isEqualTo(2);
      assertThat(rendered.slots(1)).isEqualTo(slots);
      assertThat(rendered.firstSlot(2)).isEqualTo(2 + slots);
      assertThat(rendered.slotCount()).isEqualTo(2 + slots);
      assertThat(SqlStatement.parse(rendered.sql()).positionalCount()).isEqualTo(2 + slots);
    }

    @Test
    void slotsAreWrittenWhereTheNameStands() {
      SqlStatement statement =
          SqlStatement.parse("SELECT :a WHERE b IN (:ids) AND c = :z OR d IN ( :ids ) -- :a");

      assertThat(statement.render(Map.of("ids", 3)).sql())
          .isEqualTo("SELECT ?1 WHERE b IN (?2,?3,?4,?5) AND c = ?6 OR d IN ( ?2,?3,?4,?5 ) -- :a");
      assertThat(statement.render(Map.of("ids", 0)).sql())
          .isEqualTo("SELECT ?1 WHERE b IN () AND c = ?2 OR d IN (  ) -- :a");
      assertThat(statement.scalarSql())
          .isEqualTo("SELECT ?1 WHERE b IN (?2) AND c = ?3 OR d IN ( ?2 ) -- :a");
    }

    @Test
    void severalCollectionsFollowEachOther() {
      Rendered rendered =
          SqlStatement.parse("SELECT 1 WHERE a IN (:x) AND b IN (:y)")
              .render(Map.of("x", 2, "y", 3));

      assertThat(rendered.sql()).isEqualTo("SELECT 1 WHERE a IN (?1,?2) AND b IN (?3,?4,?5,?6)");
      assertThat(rendered.firstSlot(1)).isEqualTo(3);
    }

    @Test
    void renderingsOfOneShapeAreShared() {
      SqlStatement statement = SqlStatement.parse("SELECT 1 WHERE a IN (:ids)");

      assertThat(statement.render(Map.of())).isSameAs(statement.render());
      assertThat(statement.render(Map.of("ids", 1))).isSameAs(statement.render());
      assertThat(statement.render(Map.of("ids", 5)).sql())
          .isSameAs(statement.render(Map.of("ids", 8)).sql());
    }

    @Test
    void tooManyValuesAreRefusedWithAdvice() {
      SqlStatement statement = SqlStatement.parse("SELECT :a WHERE b IN (:ids)");

      assertThat(statement.render(Map.of("ids", 32_765)).slotCount()).isEqualTo(32_766);
      for (int size : new int[] {32_766, Integer.MAX_VALUE}) {
        assertThatThrownBy(() -> statement.render(Map.of("ids", size)))
            .isInstanceOf(InvalidSqlException.class)
            .hasMessageContaining("chunks")
            .hasMessageContaining("json_each");
      }
    }

    @Test
    void wrongBindingsAreRefused() {
      SqlStatement statement = SqlStatement.parse("SELECT :a WHERE b IN (:ids)");

      assertThatThrownBy(() -> statement.render(Map.of("a", 2)))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining(":a cannot take a collection");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> statement.render(Map.of("b", 2)))
          .withMessageContaining("no parameter :b");
      assertThatIllegalArgumentException().isThrownBy(() -> statement.render(Map.of("ids", -1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1 WHERE a IN (?)", "SELECT 1 WHERE a IN (?1)"})
    void positionsAreScalars(String sql) {
      assertThat(SqlStatement.parse(sql).acceptsCollection("1")).isFalse();
    }
  }
}
