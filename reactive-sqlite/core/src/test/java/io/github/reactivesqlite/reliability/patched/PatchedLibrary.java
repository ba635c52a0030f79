package io.github.reactivesqlite.reliability.patched;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources of the library, changed, against the class path of the tests. */
final class PatchedLibrary {

  private PatchedLibrary() {}

  /** Compiles the sources that are patched, into a directory to be put first on a class path. */
  static void compile(List<SourcePatch> patches, Path directory) {
    Map<String, String> sources = new LinkedHashMap<>();
    for (SourcePatch patch : patches) {
      String source = sources.computeIfAbsent(patch.file(), SourcePatch::read);
      sources.put(patch.file(), patch.applyTo(source));
    }
    compile(sources, directory);
  }

  /** Compiles the same sources without any change. */
  static void compileUnchanged(List<SourcePatch> patches, Path directory) {
    Map<String, String> sources = new LinkedHashMap<>();
    for (SourcePatch patch : patches) {
      // A patch that does not fit any more is to be noticed here too
      patch.applyTo(sources.computeIfAbsent(patch.file(), SourcePatch::read));
    }
    compile(sources, directory);
  }

  private static void compile(Map<String, String> sources, Path directory) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new AssertionError("The tests need a JDK; this Java has no compiler");
    }
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((file, text) -> units.add(new Source(file, text)));
    DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
    String classPath = System.getProperty("java.class.path") + File.pathSeparator;
    List<String> options =
        List.of(
            "-d", directory.toString(), "-cp", classPath, "--release", "17", "-proc:none", "-g");
    if (!compiler.getTask(null, null, messages, options, null, units).call()) {
      throw new AssertionError(
          "The patched sources do not compile:\n"
              + messages.getDiagnostics().stream()
                  .map(Object::toString)
                  .collect(Collectors.joining("\n")));
    }
  }

  /** A source in memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("patched:///" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
