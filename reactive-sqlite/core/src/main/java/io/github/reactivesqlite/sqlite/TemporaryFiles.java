package io.github.reactivesqlite.sqlite;

import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The private directory of a temporary database, or none. */
record TemporaryFiles(@Nullable Path directory) {

  static final TemporaryFiles NONE = new TemporaryFiles(null);

  private static final Logger LOG = SteadyLogger.of(TemporaryFiles.class);

  static TemporaryFiles create() {
    try {
      return new TemporaryFiles(Files.createTempDirectory("reactive-sqlite-"));
    } catch (IOException e) {
      throw new UncheckedIOException("The temporary directory could not be made", e);
    }
  }

  Path database() {
    if (directory == null) {
      throw new IllegalStateException("No temporary directory");
    }
    return directory.resolve("temporary.db");
  }

  /** Deletes the files after every connection has closed them. */
  void delete() {
    if (directory == null) {
      return;
    }
    try {
      for (String suffix : new String[] {"", "-wal", "-shm"}) {
        Files.deleteIfExists(directory.resolve("temporary.db" + suffix));
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      LOG.warn("The files of a temporary database were left behind: {}", e.toString());
    }
  }
}
