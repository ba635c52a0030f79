package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LexerTest {

  private static List<String> texts(String sql) {
    return Lexer.significantTokens(sql).stream().map(Token::text).toList();
  }

  private static String joined(String sql) {
    return Lexer.tokens(sql).stream().map(Token::text).collect(Collectors.joining());
  }

  @Nested
  class Tokens {

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            abc                     ¦ WORD
            _a1$b                   ¦ WORD
            größe                   ¦ WORD
            日本語                   ¦ WORD
            😀                      ¦ WORD
            x                       ¦ WORD
            xy                      ¦ WORD
            ''                      ¦ STRING
            'it''s -- no /* end'    ¦ STRING
            'a;b'                   ¦ STRING
            "a""b"                  ¦ QUOTED_NAME
            ""                      ¦ QUOTED_NAME
            `a``b`                  ¦ QUOTED_NAME
            [a'b"c;]                ¦ QUOTED_NAME
            x''                     ¦ BLOB
            X'0aFF'                 ¦ BLOB
            0                       ¦ NUMBER
            12_345                  ¦ NUMBER
            0x1F_a0                 ¦ NUMBER
            1.                      ¦ NUMBER
            .5                      ¦ NUMBER
            1.5e10                  ¦ NUMBER
            1e+5                    ¦ NUMBER
            1.E-0_5                 ¦ NUMBER
            ?                       ¦ PARAMETER
            ?17                     ¦ PARAMETER
            :name                   ¦ PARAMETER
            :1                      ¦ PARAMETER
            @name                   ¦ PARAMETER
            $name                   ¦ PARAMETER
            $a::b(c)                ¦ PARAMETER
            ->                      ¦ OPERATOR
            ->>                     ¦ OPERATOR
            ||                      ¦ OPERATOR
            |                       ¦ OPERATOR
            <>                      ¦ OPERATOR
            <=                      ¦ OPERATOR
            <<                      ¦ OPERATOR
            >>                      ¦ OPERATOR
            >=                      ¦ OPERATOR
            !=                      ¦ OPERATOR
            ==                      ¦ OPERATOR
            =                       ¦ OPERATOR
            /                       ¦ OPERATOR
            ~                       ¦ OPERATOR
            .                       ¦ DOT
            ,                       ¦ COMMA
            ;                       ¦ SEMICOLON
            (                       ¦ LEFT_PAREN
            )                       ¦ RIGHT_PAREN
            -- to the end           ¦ COMMENT
            /* a ; ' b */           ¦ COMMENT
            /**/                    ¦ COMMENT
            /*/ still open          ¦ COMMENT
            /* open to the end      ¦ COMMENT
            """)
    void oneTokenIsReadWhole(String sql, Type type) {
      List<Token> tokens = Lexer.tokens(sql);

      assertThat(tokens).hasSize(1);
      assertThat(tokens.get(0).type()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            a-1                 ¦ a - 1
            a--1                ¦ a
            a->'$.x'            ¦ a -> '$.x'
            a->>0               ¦ a ->> 0
            a<-1                ¦ a < - 1
            a===b               ¦ a == = b
            a|||b               ¦ a || | b
            1..2                ¦ 1. .2
            t.a                 ¦ t . a
            t.5                 ¦ t .5
            ?1abc               ¦ ?1 abc
            a/*x*/b             ¦ a b
            a/ *b               ¦ a / * b
            'a''b''c'           ¦ 'a''b''c'
            'a' 'b'             ¦ 'a' 'b'
            x'00'y              ¦ x'00' y
            [a]]                ¦
            ["]"                ¦
            :a,:b               ¦ :a , :b
            IN(:ids)            ¦ IN ( :ids )
            /*                  ¦ / *
            1e5-2               ¦ 1e5 - 2
            """)
    void neighboursAreToldApart(String sql, String expected) {
      if (expected == null) {
        assertThatThrownBy(() -> Lexer.tokens(sql)).isInstanceOf(InvalidSqlException.class);
      } else {
        assertThat(String.join(" ", texts(sql))).isEqualTo(expected);
      }
    }

    @Test
    void lineCommentEndsAtLineFeedOnly() {
      assertThat(texts("-- a\rb\nc")).containsExactly("c");
    }

    @Test
    void byteOrderMarkIsSpaceBetweenTokensAndPartOfNamesInside() {
      assertThat(texts("\uFEFFSELECT \uFEFF1")).containsExactly("SELECT", "1");
      assertThat(texts("SELECT\uFEFF 1")).containsExactly("SELECT\uFEFF", "1");
    }

    @Test
    void nonBreakingSpaceIsPartOfNames() {
      assertThat(texts("SELECT\u00A01")).containsExactly("SELECT\u00A01");
      assertThat(texts("\u00A0SELECT")).containsExactly("\u00A0SELECT");
    }

    @Test
    void verticalTabMayContinueSpaceButNotBeginIt() {
      assertThat(texts("a \u000Bb")).containsExactly("a", "b");
      assertThatThrownBy(() -> Lexer.tokens("a\u000Bb")).isInstanceOf(InvalidSqlException.class);
    }

    @Test
    void keywordsAreFoldedAsAsciiOnly() {
      assertThat(Lexer.tokens("sElEcT").get(0).isWord("SELECT")).isTrue();
      assertThat(Lexer.tokens("\u017Felect").get(0).isWord("SELECT")).isFalse();
      assertThat(Lexer.tokens("[select]").get(0).isWord("SELECT")).isFalse();
    }
  }

  @Nested
  class Malformed {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'secret",
          "'secret''",
          "\"secret",
          "`secret",
          "[secret",
          "x'12",
          "x'123'",
          "x'zz'",
          "123secret",
          "1.5secret",
          "0xsecret",
          "1e",
          "1_a",
          "secret::text",
          ":",
          "@",
          "$",
          "#1",
          "!",
          "\\",
          "^",
          "{",
          "$secret(a b)",
          ":secret(",
          "\u0001",
          "\u007F"
        })
    void isRefusedWithoutRepeatingIt(String sql) {
      assertThatThrownBy(() -> Lexer.tokens(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("line 1, column ")
          .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"SELECT 1\0", "\0", "SELECT '\0'", "-- \0", "SELECT \uD800", "'\uDC00\uD800'"})
    void charsThatSqliteWouldReadDifferentlyAreRefused(String sql) {
      assertThatThrownBy(() -> Lexer.tokens(sql)).isInstanceOf(InvalidSqlException.class);
    }

    @Test
    void placeIsNamed() {
      assertThatThrownBy(() -> Lexer.tokens("SELECT 1,\n  'abc"))
          .hasMessage("A string literal is not closed (line 2, column 3)");
    }
  }

  @Nested
  class RoundTrip {

    private static final String[] PIECES = {
      "SELECT",
      "select",
      "x",
      "X",
      "é",
      "\u00A0",
      "\uFEFF",
      "😀",
      "'a''b'",
      "''",
      "\"q\"\"q\"",
      "`b`",
      "[b]",
      "x'00ff'",
      "0",
      "1.5e-3",
      "0xFF",
      "1_0",
      ".5",
      ".",
      ",",
      ";",
      "(",
      ")",
      "?",
      "?3",
      ":n",
      "@n",
      "$n",
      "-",
      "--c\n",
      "/*c*/",
      "/",
      "*",
      "->",
      "->>",
      "||",
      "|",
      "<",
      "<>",
      "<<",
      ">",
      ">=",
      "=",
      "==",
      "!=",
      "&",
      "~",
      "%",
      "+",
      " ",
      "\t",
      "\r\n",
      "\f",
      "\n"
    };

    @Test
    void joinedTokensAreTheInputForRandomTokens() {
      long seed = 20260801;
      Random random = new Random(seed);
      for (int run = 0; run < 5_000; run++) {
        StringBuilder sql = new StringBuilder();
        int pieces = random.nextInt(25);
        for (int i = 0; i < pieces; i++) {
          // A space keeps neighbours from growing into something malformed.
          sql.append(PIECES[random.nextInt(PIECES.length)]).append(' ');
        }
        assertThat(joined(sql.toString())).as("seed %d, run %d", seed, run).isEqualTo(sql + "");
      }
    }

    @Test
    void joinedTokensAreTheInputForRandomCharsOrTheInputIsRefused() {
      long seed = 7;
      Random random = new Random(seed);
      String alphabet = "aEx01_9 \n'\"`[]()-/*?:@$.,;<>=|!#é\u00A0\uFEFF";
      int accepted = 0;
      for (int run = 0; run < 50_000; run++) {
        StringBuilder sql = new StringBuilder();
        for (int i = random.nextInt(14); i > 0; i--) {
          sql.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        try {
          assertThat(joined(sql.toString())).as("seed %d, run %d", seed, run).isEqualTo(sql + "");
          accepted++;
        } catch (InvalidSqlException refused) {
          assertThat(refused.getMessage()).contains("line ");
        }
      }
      assertThat(accepted).isGreaterThan(5_000);
    }

    @Test
    void tokensTouchWithoutGapOrOverlap() {
      List<Token> tokens = Lexer.tokens("SELECT a, 'b;' FROM t -- end");

      assertThat(tokens).allSatisfy(token -> assertThat(token.length()).isPositive());
      assertThat(tokens.get(0).start()).isZero();
      for (int i = 1; i < tokens.size(); i++) {
        assertThat(tokens.get(i).start()).isEqualTo(tokens.get(i - 1).end());
      }
    }
  }
}
