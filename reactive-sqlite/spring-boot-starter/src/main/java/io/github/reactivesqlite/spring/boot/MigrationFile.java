package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.Migration;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.ResourcePatternUtils;

/**
 * A migration in a file named {@code V<version>__<description>.sql}, or {@code
 * V<version>__<description>.rebuild.sql} if foreign keys are to be off while it runs.
 *
 * @param name the file's name
 * @param migration what it holds
 */
record MigrationFile(String name, Migration migration) {

  private static final Pattern NAME = Pattern.compile("V(\\d{1,18})__(.+?)(\\.rebuild)?\\.sql");

  /** The migrations of a folder in their order; every SQL file in it must be one. */
  static List<MigrationFile> find(@Nullable String named, String usual, ResourceLoader resources) {
    String folder = named == null ? usual : named;
    String pattern = (folder.endsWith("/") ? folder : folder + "/") + "*.sql";
    List<MigrationFile> found =
        Arrays.stream(matching(pattern, resources))
            .map(MigrationFile::of)
            .sorted(Comparator.comparingLong(file -> file.migration().version()))
            .toList();
    if (found.isEmpty() && named != null) {
      throw new SchemaConfigurationException(
          "the folder " + named + " does not exist, or has no migrations");
    }
    return found;
  }

  private static Resource[] matching(String pattern, ResourceLoader resources) {
    try {
      return ResourcePatternUtils.getResourcePatternResolver(resources).getResources(pattern);
    } catch (FileNotFoundException noSuchFolder) {
      return new Resource[0];
    } catch (IOException failed) {
      throw new UncheckedIOException("The migrations " + pattern + " could not be found", failed);
    }
  }

  private static MigrationFile of(Resource resource) {
    String name = String.valueOf(resource.getFilename());
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new SchemaConfigurationException(
          "the migration "
              + resource.getDescription()
              + " has a name that gives it no place in the order. Name it"
              + " V<version>__<description>.sql, as in V1__create_book.sql, with a whole number as"
              + " its version");
    }
    Migration migration =
        Migration.of(
            Long.parseLong(parts.group(1)),
            parts.group(2).replace('_', ' '),
            DatabaseSchema.text(resource));
    return new MigrationFile(name, parts.group(3) == null ? migration : migration.rebuild());
  }
}
