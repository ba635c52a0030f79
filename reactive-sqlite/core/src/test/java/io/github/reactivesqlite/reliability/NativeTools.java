package io.github.reactivesqlite.reliability;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Native helpers of the tests: C sources in {@code src/test/c}, compiled by {@code cc} when a test
 * asks for them, once per JVM. Where something is missing the test is skipped with a message, and
 * fails if the environment variable {@code RELIABILITY_TOOLS} is {@code required}.
 */
public final class NativeTools {

  private static final String COMPILER = "cc";
  private static final Path SOURCES = Path.of("src", "test", "c");
  private static final Path MODULE = Path.of("reactive-sqlite", "core");
  private static final long COMPILE_SECONDS = 60;

  private static final Map<String, Path> COMPILED = new ConcurrentHashMap<>();
  private static @Nullable Path privateDirectory;

  private NativeTools() {}

  /**
   * The shared object of {@code src/test/c/<name>.c}, in a private directory that is deleted when
   * this JVM ends. Skips (or fails) the test where it cannot be compiled.
   */
  public static Path sharedObject(String name) {
    need(isLinux(), "LD_PRELOAD libraries are made for Linux");
    needCommand(COMPILER);
    return COMPILED.computeIfAbsent(
        name, source -> compile(source, directory().resolve(source + ".so"), "-shared", "-fPIC"));
  }

  /** Compiles {@code src/test/c/<name>.c} to a shared object in a directory of the caller. */
  public static Path sharedObject(String name, Path directory) {
    need(isLinux(), "LD_PRELOAD libraries are made for Linux");
    needCommand(COMPILER);
    return compile(name, directory.resolve(name + ".so"), "-shared", "-fPIC");
  }

  /** Compiles {@code src/test/c/<name>.c} to a program in a directory of the caller. */
  public static Path program(String name, Path directory) {
    needCommand(COMPILER);
    return compile(name, directory.resolve(name));
  }

  /** Skips the test, or fails it where the tools are required, unless the command is there. */
  public static void needCommand(String command) {
    need(isOnPath(command), "there is no command \"" + command + "\" on the PATH");
  }

  /** Skips the test, or fails it where the tools are required, unless the condition holds. */
  public static void need(boolean condition, String whatIsMissing) {
    if (condition) {
      return;
    }
    if (areRequired()) {
      fail("RELIABILITY_TOOLS=required, but " + whatIsMissing);
    }
    assumeTrue(false, "Skipped: " + whatIsMissing);
  }

  /** Whether a missing tool is a failure. */
  public static boolean areRequired() {
    return "required".equals(System.getenv("RELIABILITY_TOOLS"));
  }

  /** Whether this is a Linux. */
  public static boolean isLinux() {
    return System.getProperty("os.name").startsWith("Linux");
  }

  /** Whether a command is found by the PATH. */
  public static boolean isOnPath(String command) {
    String path = System.getenv("PATH");
    return path != null
        && Stream.of(path.split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, command)));
  }

  private static Path compile(String name, Path target, String... kind) {
    Path source = source(name + ".c");
    List<String> command = new ArrayList<>(List.of(COMPILER, "-O1", "-Wall"));
    command.addAll(List.of(kind));
    command.addAll(List.of("-o", target.toString(), source.toString(), "-ldl", "-lpthread"));
    try {
      Path output = Files.createTempFile(directory(), name, ".log");
      Process compiler =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!compiler.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS)) {
        compiler.destroyForcibly();
        throw new AssertionError("The compiler did not end: " + command);
      }
      if (compiler.exitValue() != 0) {
        String said = Files.readString(output, StandardCharsets.UTF_8);
        throw new AssertionError(command + " failed:\n" + said);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted while compiling", e);
    }
  }

  /** Looks from the compiled classes, the module and the working directory upwards. */
  private static Path source(String fileName) {
    List<Path> starts = new ArrayList<>();
    starts.add(ownClasses());
    String module = System.getProperty("basedir");
    if (module != null) {
      starts.add(Path.of(module));
    }
    starts.add(Path.of(""));
    for (Path start : starts) {
      for (Path at = start.toAbsolutePath(); at != null; at = at.getParent()) {
        for (Path root : List.of(at, at.resolve(MODULE))) {
          Path source = root.resolve(SOURCES).resolve(fileName);
          if (Files.isRegularFile(source)) {
            return source;
          }
        }
      }
    }
    throw new AssertionError("No " + SOURCES.resolve(fileName) + " above any of " + starts);
  }

  private static Path ownClasses() {
    try {
      return Path.of(NativeTools.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static synchronized Path directory() {
    Path known = privateDirectory;
    if (known != null) {
      return known;
    }
    try {
      Path fresh = Files.createTempDirectory("reactive-sqlite-native");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(fresh), "delete native tools"));
      privateDirectory = fresh;
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftForTheSystemToClean) {
      // the JVM is ending
    }
  }
}
