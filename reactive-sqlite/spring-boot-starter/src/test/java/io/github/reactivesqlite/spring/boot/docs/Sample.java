package io.github.reactivesqlite.spring.boot.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A sample of the documentation: found in the repository, and compiled as its readers would. */
final class Sample {

  private final Path folder;

  private Sample(Path folder) {
    this.folder = folder;
  }

  static Sample named(String name) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path folder = at.resolve("docs/samples").resolve(name);
      if (Files.isDirectory(folder)) {
        return new Sample(folder);
      }
    }
    throw new IllegalStateException("There is no sample " + name);
  }

  Path file(String relative) {
    return folder.resolve(relative);
  }

  /** Its Java files. */
  List<Path> sources() {
    try (Stream<Path> files = Files.walk(folder.resolve("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its classes, compiled into a folder, and its resources. */
  URLClassLoader compiledInto(Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-parameters", "--release", "17", "-proc:none", "-Xlint:all"));
    arguments.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    arguments.addAll(List.of("-d", classes.toString()));
    sources().forEach(source -> arguments.add(source.toString()));
    int result = compiler.run(null, null, null, arguments.toArray(String[]::new));
    if (result != 0) {
      throw new IllegalStateException("The sample does not compile");
    }
    try {
      URL[] path = {classes.toUri().toURL(), folder.resolve("src/main/resources").toUri().toURL()};
      return new URLClassLoader(path, Sample.class.getClassLoader());
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
