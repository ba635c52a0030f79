package io.github.reactivesqlite.spring.boot;

/** No property says which file the database is in. */
final class MissingFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MissingFileException() {
    super("no property says which file it is in");
  }
}
