package io.github.reactivesqlite.spring.boot;

/** The schema's files are not as the properties or their names say; the message says what to do. */
final class SchemaConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SchemaConfigurationException(String message) {
    super(message);
  }
}
