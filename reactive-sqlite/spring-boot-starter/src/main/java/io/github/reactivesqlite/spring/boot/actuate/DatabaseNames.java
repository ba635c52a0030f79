package io.github.reactivesqlite.spring.boot.actuate;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.Map;
import java.util.TreeMap;

/** Databases by the names that their properties have, instead of those of their beans. */
final class DatabaseNames {

  private static final String SUFFIX = "SqliteDatabase";

  private DatabaseNames() {}

  static Map<String, SqliteDatabase> of(Map<String, SqliteDatabase> beans) {
    Map<String, SqliteDatabase> named = new TreeMap<>();
    beans.forEach((bean, database) -> named.put(nameOf(bean), database));
    return named;
  }

  private static String nameOf(String bean) {
    if (bean.equals("sqliteDatabase")) {
      return "main";
    }
    return bean.endsWith(SUFFIX) && bean.length() > SUFFIX.length()
        ? bean.substring(0, bean.length() - SUFFIX.length())
        : bean;
  }
}
