package io.github.reactivesqlite.reliability.patched;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A change of one place in a source of the library. The old text must be there exactly once, by
 * whatever white space its words are apart, so that a patch cannot go stale unnoticed.
 *
 * @param file the source, below the package {@code io.github.reactivesqlite.sqlite.engine}
 * @param before the text to be replaced
 * @param after what comes in its place
 */
record SourcePatch(String file, String before, String after) {

  private static final Path ENGINE =
      Path.of("src", "main", "java", "io", "github", "reactivesqlite", "sqlite", "engine");

  /** The source as it stands. */
  static String read(String file) {
    try {
      return Files.readString(
          Path.of(System.getProperty("basedir", "")).resolve(ENGINE).resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException("There is no source " + file + " to patch", e);
    }
  }

  /** The name of the class that the file is named after. */
  static String className(String file) {
    return "io.github.reactivesqlite.sqlite.engine."
        + file.substring(0, file.length() - ".java".length()).replace('/', '.');
  }

  /** The text with the change made. */
  String applyTo(String source) {
    Pattern pattern =
        Pattern.compile(
            Arrays.stream(before.strip().split("\\s+"))
                .map(Pattern::quote)
                .collect(Collectors.joining("\\s+")));
    long places = pattern.matcher(source).results().count();
    if (places != 1) {
      throw new AssertionError(
          "The source "
              + file
              + " has changed: the text to be patched is there "
              + places
              + " times instead of once. Adapt the patch:\n"
              + before);
    }
    return pattern.matcher(source).replaceFirst(Matcher.quoteReplacement(after));
  }
}
