package io.github.reactivesqlite.sqlite.engine.bind;

import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The binding half of a statement that belongs to one owner and is bound in place.
 *
 * @param <S> the type that binding gives back: the statement itself
 */
public abstract class InPlace<S> {

  private final Bindings bindings;

  /** Nothing bound yet. */
  protected InPlace(SqlStatement statement) {
    this.bindings = Bindings.of(statement);
  }

  /** This object, as what its owner knows it. */
  protected abstract S self();

  /** The values bound so far. */
  protected final Bindings bindings() {
    return bindings;
  }

  /** Binds a named value. */
  public final S bind(String name, @Nullable Object value) {
    bindings.set(name, value);
    return self();
  }

  /** Binds a positional value. */
  public final S bind(int index, @Nullable Object value) {
    bindings.set(index, value);
    return self();
  }

  /** Binds several named values. */
  public final S bindAll(Map<String, ? extends @Nullable Object> values) {
    values.forEach(bindings::set);
    return self();
  }
}
