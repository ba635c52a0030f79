package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement, analysed: what kind it is, what parameters it has, and how it is written for
 * the driver. Immutable and thread-safe; analyse a text once and keep the result ({@link
 * SqlCache}).
 *
 * <p>The analysis follows SQLite's tokenizer and as much of its grammar as the answers need. It
 * does not check syntax: a statement it accepts may still be refused by SQLite.
 */
public final class SqlStatement {

  /**
   * Most parameters a statement may have, SQLite's own default.
   *
   * @see <a href="https://www.sqlite.org/limits.html#max_variable_number">limits.html</a>
   */
  public static final int MAX_PARAMETERS = 32_766;

  /** Kinds of statements, by main verb. */
  public enum Kind {
    /** SELECT or VALUES, also after WITH. */
    SELECT,
    /** INSERT, whatever its conflict clause. */
    INSERT,
    /** UPDATE. */
    UPDATE,
    /** DELETE. */
    DELETE,
    /** REPLACE INTO. */
    REPLACE,
    /** CREATE, DROP or ALTER. */
    DDL,
    /** EXPLAIN or EXPLAIN QUERY PLAN of any statement. */
    EXPLAIN,
    /** PRAGMA. */
    PRAGMA,
    /** BEGIN, COMMIT, END, ROLLBACK, SAVEPOINT or RELEASE. */
    TRANSACTION_CONTROL,
    /** ATTACH or DETACH. */
    ATTACH,
    /** VACUUM, also INTO. */
    VACUUM,
    /** ANALYZE. */
    ANALYZE,
    /** REINDEX. */
    REINDEX,
    /** Nothing that SQLite would know. */
    OTHER;

    /** Whether it is INSERT, UPDATE, DELETE or REPLACE. */
    public boolean isDml() {
      return this == INSERT || this == UPDATE || this == DELETE || this == REPLACE;
    }

    /** Whether it can only read; a PRAGMA that could write is refused before it runs. */
    public boolean isRead() {
      return this == SELECT || this == EXPLAIN || this == PRAGMA;
    }

    boolean takesCommonTables() {
      return this == SELECT || isDml();
    }
  }

  /** How a statement's parameters are written. */
  public enum ParameterStyle {
    /** It has none. */
    NONE,
    /** {@code :name}. */
    NAMED,
    /** {@code ?} or {@code ?N}. */
    POSITIONAL
  }

  private final String text;
  private final Shape shape;
  private final Placeholders placeholders;
  private final List<String> parameterNames;
  private final Rendered scalar;

  // Both are caches: written by any thread, computed again when a race loses a value.
  private volatile @Nullable String maskedText;
  private volatile @Nullable Rendered lastWithCollections;

  SqlStatement(String text, List<Token> tokens) {
    this.text = text;
    this.shape = Shape.of(tokens);
    this.placeholders = Placeholders.of(tokens);
    this.parameterNames = List.copyOf(placeholders.ordinals().keySet());
    this.scalar = Renderer.scalar(text, placeholders);
    // SQLite hands a module its arguments as text, so a rewritten parameter would change them.
    if (Shape.wordAt(tokens, 1, "VIRTUAL") && placeholders.count() > 0) {
      throw SqlErrors.invalid("CREATE VIRTUAL TABLE takes no parameters", maskedText());
    }
  }

  /**
   * Analyses a text that holds one statement; comments, and semicolons with nothing between them,
   * may stand around it. The body of a CREATE TRIGGER is part of its statement.
   *
   * @param sql the text
   * @return the statement
   * @throws InvalidSqlException when there is no statement or a second one, when a token is
   *     malformed, and when the parameters are not all {@code :name} or all {@code ?}
   */
  public static SqlStatement parse(String sql) {
    List<List<Token>> statements = Statements.split(Lexer.significantTokens(sql));
    if (statements.isEmpty()) {
      throw SqlErrors.invalid("There is no statement in the SQL text");
    }
    if (statements.size() > 1) {
      throw SqlErrors.invalid(
          "Two statements in one string (the second begins with "
              + statements.get(1).get(0).describe()
              + "): use script(sql), or run them one by one",
          MaskedSql.of(sql));
    }
    return new SqlStatement(sql, statements.get(0));
  }

  /** The text as it was given; may contain literals, so it is not for logs. */
  public String text() {
    return text;
  }

  /** What kind of statement it is. */
  public Kind kind() {
    return shape.kind();
  }

  /** Whether it is INSERT, UPDATE, DELETE or REPLACE with a RETURNING clause of its own. */
  public boolean returning() {
    return shape.returning();
  }

  /**
   * The main verb in upper case, such as {@code INSERT}, for metrics: one of the verbs that {@link
   * Kind} lists (VALUES counts as SELECT), or {@code OTHER}.
   */
  public String operationName() {
    return shape.operation();
  }

  /**
   * The text for errors and logs, on one line: string, blob and number literals are {@code ?},
   * comments are gone, and so are double-quoted names that SQLite might take for strings.
   */
  public String maskedText() {
    String masked = maskedText;
    if (masked == null) {
      masked = MaskedSql.of(text);
      maskedText = masked;
    }
    return masked;
  }

  /** How the parameters are written. */
  public ParameterStyle parameterStyle() {
    return placeholders.style();
  }

  /** The names, without the colon, in order of first appearance; empty unless named. */
  public List<String> parameterNames() {
    return parameterNames;
  }

  /**
   * The ordinal of a name: its index in {@link #parameterNames()}.
   *
   * @param name the name, without the colon; case matters, as it does to SQLite
   * @return the ordinal, -1 when the statement has no such name
   */
  public int parameterOrdinal(String name) {
    return placeholders.ordinals().getOrDefault(name, -1);
  }

  /** The highest position; 0 unless the parameters are positional. */
  public int positionalCount() {
    return placeholders.positions();
  }

  /**
   * Whether a position occurs in the text ({@code ?1, ?3} leaves out 2, which needs no value).
   *
   * @param position counted from 1
   */
  public boolean usesPosition(int position) {
    return position > 0 && placeholders.used().get(position);
  }

  /** How many parameters there are to bind: names, or positions up to the highest. */
  public int parameterCount() {
    return placeholders.count();
  }

  /**
   * Whether a collection may be bound to a name, because it stands nowhere but alone inside {@code
   * IN (:name)}. False for a name the statement does not have.
   *
   * @param name the name, without the colon
   */
  public boolean acceptsCollection(String name) {
    int ordinal = parameterOrdinal(name);
    return ordinal >= 0 && placeholders.collections().get(ordinal);
  }

  /** The SQL for the driver when no collection is bound: each parameter has one slot. */
  public String scalarSql() {
    return scalar.sql();
  }

  /** The rendering when no collection is bound; computed once. */
  public Rendered render() {
    return scalar;
  }

  /**
   * The rendering when some names are bound to collections. A collection gets as many slots as it
   * has values, padded to the next power of two as far as the limit allows; an empty one renders
   * {@code IN ()}, which SQLite accepts and which matches nothing. The last result is kept.
   *
   * @param collectionSizes number of values by name, without the colon; names left out are scalars
   * @return the rendering
   * @throws InvalidSqlException when a name does not accept a collection, or the parameters would
   *     be more than {@link #MAX_PARAMETERS}
   * @throws IllegalArgumentException when the statement has no such name, or a size is negative
   */
  public Rendered render(Map<String, Integer> collectionSizes) {
    if (collectionSizes.isEmpty()) {
      return scalar;
    }
    int[] slots = Renderer.slots(this, placeholders, collectionSizes);
    if (scalar.hasSlots(slots)) {
      return scalar;
    }
    Rendered rendered = lastWithCollections;
    if (rendered == null || !rendered.hasSlots(slots)) {
      rendered = Renderer.render(text, placeholders, slots);
      lastWithCollections = rendered;
    }
    return rendered;
  }

  /**
   * Passes for what may run on a reader: SELECT, VALUES, and EXPLAIN of a SELECT or of DML.
   *
   * @return this statement
   * @throws ReadOnlyViolationException when the statement writes
   * @throws InvalidSqlException when it is not for users to run as SQL text at all
   */
  public SqlStatement requireQuery() {
    Gate.requireQuery(this);
    return this;
  }

  /**
   * Passes for what may run on the writer: INSERT, UPDATE, DELETE, REPLACE, DDL and REINDEX.
   *
   * @return this statement
   * @throws InvalidSqlException when it is anything else; the message says what to use
   */
  public SqlStatement requireUpdate() {
    Gate.requireUpdate(this);
    return this;
  }

  /**
   * Passes for what may run in a batch: INSERT, UPDATE, DELETE or REPLACE without RETURNING.
   *
   * @return this statement
   * @throws InvalidSqlException when it is anything else; the message says what to use
   */
  public SqlStatement requireDml() {
    Gate.requireDml(this);
    return this;
  }

  /** The masked text. */
  @Override
  public String toString() {
    return maskedText();
  }

  /** What messages call the statement: its main verb, or a word that is no literal. */
  String firstWord() {
    return shape.firstWord();
  }

  Kind explained() {
    return shape.explained();
  }

  /** Why it is refused for what it calls; null when it is not. */
  @Nullable String refusedCall() {
    return shape.refusedCall();
  }
}
