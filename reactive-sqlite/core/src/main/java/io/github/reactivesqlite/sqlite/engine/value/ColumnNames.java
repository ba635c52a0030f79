package io.github.reactivesqlite.sqlite.engine.value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names of a statement's columns. Immutable; made once per prepared statement and shared by its
 * rows.
 */
public final class ColumnNames {

  private static final Pattern PLAIN_NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$.]*");

  private final List<String> names;
  private final Map<String, Integer> positions;

  private ColumnNames(List<String> names) {
    this.names = names;
    Map<String, Integer> found = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String lower = lowerCase(names.get(i));
      Integer first = found.putIfAbsent(lower, i + 1);
      // As it is spelled too, which is how it is mostly asked for.
      found.putIfAbsent(names.get(i), first == null ? Integer.valueOf(i + 1) : first);
    }
    this.positions = found;
  }

  /**
   * Takes the names in the order of the columns.
   *
   * @param names the names; copied
   * @return the names with their index
   */
  public static ColumnNames of(List<String> names) {
    return new ColumnNames(List.copyOf(names));
  }

  /**
   * Finds a column, without regard to the case of ASCII letters as in SQLite.
   *
   * @param name the name
   * @return the position, from 1, of the first column of that name, or -1
   */
  public int indexOf(String name) {
    Integer position = positions.get(name);
    if (position == null) {
      position = positions.get(lowerCase(name));
    }
    return position == null ? -1 : position;
  }

  /**
   * The names in the order of the columns.
   *
   * @return an immutable list, the same instance at every call
   */
  public List<String> asList() {
    return names;
  }

  /**
   * The number of columns.
   *
   * @return how many names there are
   */
  public int size() {
    return names.size();
  }

  /** A column for a message. */
  String describe(int index) {
    return "column " + masked(names.get(index - 1)) + " (number " + index + ")";
  }

  /** All columns for a message. */
  String describe() {
    List<String> shown = new ArrayList<>(names.size());
    for (String name : names) {
      shown.add(masked(name));
    }
    return "the columns " + shown;
  }

  /** An unaliased expression is named by its own text, which may hold a literal: not shown. */
  private static String masked(String name) {
    return PLAIN_NAME.matcher(name).matches() ? name : "(expression)";
  }

  private static String lowerCase(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (isUpper(name.charAt(i))) {
        char[] chars = name.toCharArray();
        for (int j = i; j < chars.length; j++) {
          if (isUpper(chars[j])) {
            chars[j] = (char) (chars[j] + 'a' - 'A');
          }
        }
        return new String(chars);
      }
    }
    return name;
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
