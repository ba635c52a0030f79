package io.github.reactivesqlite.demo.library;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The options of the application.
 *
 * @param folder folder whose text files are indexed; the working directory by default
 * @param database database file, created with its folder if it is missing; the default is in
 *     application.properties, where the database takes it from. The file that is open is what
 *     {@link DatabaseFile} says
 * @param scanOnStart whether the folder is scanned as soon as the server answers
 * @param maxFileSize larger files are left out
 * @param maxFiles a scan looks at no more files than this
 * @param allowedHosts names under which a browser may reach the server, so that a foreign page
 *     cannot make its own name lead here; {@code *} allows all
 * @param heartbeat how often a page is told that the application lives; one that has missed three
 *     says so, and connects anew
 */
@ConfigurationProperties(prefix = "library", ignoreUnknownFields = false)
public record LibraryProperties(
    @DefaultValue(".") String folder,
    String database,
    @DefaultValue("true") boolean scanOnStart,
    @DefaultValue("4MB") DataSize maxFileSize,
    @DefaultValue("100000") int maxFiles,
    @DefaultValue({"localhost", "127.0.0.1", "[::1]"}) List<String> allowedHosts,
    @DefaultValue("15s") Duration heartbeat) {

  private static final Duration FASTEST_HEARTBEAT = Duration.ofMillis(100);

  /** Checks the ranges. */
  public LibraryProperties {
    if (maxFiles < 1) {
      throw new StartupException("--library.max-files is at least 1.", "Give it another value.");
    }
    if (heartbeat.compareTo(FASTEST_HEARTBEAT) < 0) {
      throw new StartupException(
          "--library.heartbeat is at least 100ms.", "Give it another value.");
    }
    if (maxFileSize.toBytes() < 1) {
      throw new StartupException("--library.max-file-size is at least 1B.", "Give it another one.");
    }
  }

  /**
   * The folder. Not bound as a path, which Spring would look for on the class path first.
   *
   * @return its path as it was given
   */
  public Path folderPath() {
    return path("folder", folder);
  }

  private static Path path(String option, String value) {
    if (!value.isBlank()) {
      try {
        return Path.of(value);
      } catch (InvalidPathException e) {
        // Said below: the message of the exception repeats the value, unprintable as it may be.
      }
    }
    throw new StartupException(
        "The value of --library." + option + " cannot be a path.", "Give it another one.");
  }
}
