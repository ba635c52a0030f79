package io.github.reactivesqlite.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The pages of the documentation, as they lie in the repository. */
final class DocsFiles {

  /** The repository's folder, found from the module's. */
  static final Path ROOT = root();

  private static final List<Path> EXAMPLES =
      List.of(
          Path.of("reactive-sqlite/core/src/test/java/io/github/reactivesqlite/docs"),
          Path.of("demo-app/src/test/java/io/github/reactivesqlite/demo/docs"),
          Path.of("reactive-sqlite/jobs/src/test/java/io/github/reactivesqlite/jobs/docs"),
          Path.of(
              "reactive-sqlite/spring-boot-starter/src/test/java/io/github/reactivesqlite/spring/boot/docs"),
          Path.of("docs/samples"));

  private DocsFiles() {}

  /** README.md and everything in docs/. */
  static List<Path> pages() {
    List<Path> pages = new ArrayList<>();
    pages.add(ROOT.resolve("README.md"));
    pages.addAll(filesIn(ROOT.resolve("docs"), ".md"));
    return pages;
  }

  /** The classes beside this one, and those of the other modules. */
  static List<Path> exampleClasses() {
    return EXAMPLES.stream()
        .flatMap(folder -> filesIn(ROOT.resolve(folder), ".java").stream())
        .toList();
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> filesIn(Path folder, String suffix) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("reactive-sqlite/core"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("The repository's folder was not found");
      }
    }
    return folder;
  }
}
