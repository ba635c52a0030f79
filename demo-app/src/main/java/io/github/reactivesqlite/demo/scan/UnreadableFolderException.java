package io.github.reactivesqlite.demo.scan;

import java.io.IOException;

/** A folder could not be listed at all. */
final class UnreadableFolderException extends IOException {

  private static final long serialVersionUID = 1L;

  UnreadableFolderException(IOException cause) {
    super("The folder cannot be read", cause);
  }
}
