package io.github.reactivesqlite.demo.scan;

import java.io.IOException;
import java.nio.file.AccessDeniedException;

/**
 * Why a folder or a file could not be brought into the library, in words for everybody who sees the
 * page.
 */
final class ScanErrors {

  /** Says no path but the file's own, no statement and no class. */
  static String text(Throwable error) {
    if (error instanceof UnreadableFolderException) {
      return error.getCause() instanceof AccessDeniedException
          ? "This program may not read the folder."
          : "The folder could not be read.";
    }
    if (error instanceof AccessDeniedException) {
      return "This program may not read the file.";
    }
    if (error instanceof IOException) {
      return "The file could not be read.";
    }
    return "It could not be done. The log of the application says more.";
  }

  private ScanErrors() {}
}
